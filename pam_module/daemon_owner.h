// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_DAEMON_OWNER_H
#define TWINLOCK_PAM_MODULE_DAEMON_OWNER_H

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "common/result.h"
#include "pam_module/bus_connection.h"
#include "pam_module/clock.h"

namespace twinlock::pam {

// Who may speak as the daemon: root, and the system account `twinlock` (S11). The account is
// looked up at most once, and not at all where the daemon runs as root.
class TrustedOwner {
 public:
  [[nodiscard]] bool contains(uid_t uid);

 private:
  bool looked_up_ = false;
  std::optional<uid_t> daemon_;
};

// Asks the bus who has the daemon's name; returns what await_daemon() wants to know.
[[nodiscard]] std::uint32_t post_owner_question(BusConnection& bus);

// The daemon's unique name, which the bus never gives to a second connection; the daemon is
// started if the bus knows how to. The bus has vouched for the uid behind it (S11).
//
// NotFound if nobody has the name, Unavailable if somebody had it and went away, Internal if that
// is neither root nor the daemon's user; the connection's own failures.
[[nodiscard]] Result<std::string> await_daemon(BusConnection& bus,
                                               std::uint32_t question,
                                               TrustedOwner& trusted,
                                               TimePoint deadline);

}  // namespace twinlock::pam

#endif
