// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_CLIENT_PRIVATE_BUS_H
#define TWINLOCK_TESTS_INTEGRATION_CLIENT_PRIVATE_BUS_H

#include <sys/types.h>

#include <string>

namespace twinlock::client {

// A dbus-daemon in a directory of its own, on which everybody may do everything. Ready to connect
// to once constructed; gone with the object.
class PrivateBus {
 public:
  PrivateBus();
  PrivateBus(const PrivateBus&) = delete;
  PrivateBus& operator=(const PrivateBus&) = delete;
  ~PrivateBus();

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
  std::string address_;
  pid_t pid_ = -1;
};

}  // namespace twinlock::client

#endif
