// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_LISTENER_H
#define TWINLOCK_DAEMON_HTTP_LISTENER_H

#include <memory>
#include <string>

#include "common/descriptor.h"
#include "common/result.h"
#include "daemon/http/settings.h"

namespace twinlock::http {

// A socket that listens. Any thread.
class Listener {
 public:
  enum class Outcome {
    Accepted,
    Nothing,    // nobody waits, or whoever did has gone
    Exhausted,  // out of descriptors or memory: later (S142)
  };
  struct Accepted {
    Outcome outcome;
    int descriptor = -1;  // never blocks; the caller's to close
    std::string peer;     // address literal
  };

  // Unavailable, with the system's reason, if the address can't be had.
  static Result<std::unique_ptr<Listener>> open(const ListenAddress& address);

  Listener(int descriptor, ListenAddress address)
      : descriptor_(descriptor), address_(std::move(address)) {}

  [[nodiscard]] Accepted accept() const;
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  [[nodiscard]] const ListenAddress& address() const { return address_; }  // with its true port

 private:
  Descriptor descriptor_;
  ListenAddress address_;
};

}  // namespace twinlock::http

#endif
