// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_PAM_PRIVATE_BUS_H
#define TWINLOCK_TESTS_INTEGRATION_PAM_PRIVATE_BUS_H

#include <sys/types.h>

#include <string>

#include "tests/fakes/temporary_directory.h"

namespace twinlock::test {

// A dbus-daemon of our own. Its policy allows everything, so that what the module refuses, the
// module refuses.
class PrivateBus {
 public:
  // With `activation` the bus may start this program, with --serve, as the daemon.
  explicit PrivateBus(bool activation = false);
  PrivateBus(const PrivateBus&) = delete;
  PrivateBus& operator=(const PrivateBus&) = delete;
  ~PrivateBus();

  [[nodiscard]] std::string address() const;
  void stop();

 private:
  TemporaryDirectory directory_;
  pid_t pid_ = -1;
};

}  // namespace twinlock::test

#endif
