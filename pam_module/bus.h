// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_BUS_H
#define TWINLOCK_PAM_MODULE_BUS_H

#include <sys/types.h>
#include <systemd/sd-bus.h>

#include <memory>
#include <optional>
#include <string>

#include "common/result.h"
#include "pam_module/clock.h"

// sd-bus, blocking and with a deadline for everything: libsystemd's own limit is 25 s, and 90 s
// for connecting. Nothing here starts a thread or looks at the environment.
//
// Errors: NotFound if there is no bus or nobody has the name, Unavailable if somebody had it and
// went away (the same call may work in a moment), Internal for all else; std::bad_alloc if
// libsystemd ran out of memory.
namespace twinlock::pam {

struct BusCloser {
  void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
};
using Bus = std::unique_ptr<sd_bus, BusCloser>;

struct MessageReleaser {
  void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
};
using BusMessage = std::unique_ptr<sd_bus_message, MessageReleaser>;

// Who may speak as the daemon: root, and the system account `twinlock` (S11). The account is
// looked up at most once, and not at all where the daemon runs as root.
class TrustedOwner {
 public:
  [[nodiscard]] bool contains(uid_t uid);

 private:
  bool looked_up_ = false;
  std::optional<uid_t> daemon_;
};

// The daemon's connection to one bus.
struct DaemonConnection {
  sd_id128_t bus{};  // another one after a restart of the bus
  std::string name;  // unique: the bus never gives it to a second connection
};

// Connects to the bus at `address` and says hello. Connections aren't "trusted" in sd-bus's sense
// and accept no descriptors.
[[nodiscard]] Result<Bus> connect(const std::string& address, TimePoint deadline);

// The daemon, started if the bus knows how to, after the bus has vouched for the uid behind it
// (S11). Internal if that is neither root nor the daemon's user.
[[nodiscard]] Result<DaemonConnection> find_daemon(sd_bus* bus,
                                                   TrustedOwner& trusted,
                                                   TimePoint deadline);

// Whether `bus` is the one that `daemon` was found on.
[[nodiscard]] bool is_on(sd_bus* bus, const DaemonConnection& daemon);

// An empty call of Login1's `method`, to the connection `destination`.
[[nodiscard]] Result<BusMessage> new_call(sd_bus* bus,
                                          const std::string& destination,
                                          const char* method);

// Sends `message` and returns the method return that its destination sent back.
[[nodiscard]] Result<BusMessage> call(sd_bus* bus, sd_bus_message* message, TimePoint deadline);

// Nothing if `result` of libsystemd isn't negative, else the error for it.
[[nodiscard]] Status check_sd(int result, const char* what);

}  // namespace twinlock::pam

#endif
