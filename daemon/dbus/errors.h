// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_ERRORS_H
#define TWINLOCK_DAEMON_DBUS_ERRORS_H

#include <string>
#include <string_view>

#include "common/result.h"
#include "daemon/dbus/call_gate.h"

namespace twinlock::dbus {

// What a caller is told when a call fails: a name from a fixed list and a text (S43).
// docs/login-protocol.md has the names as a table.
struct BusError {
  std::string name;
  std::string text;
};

// What the caller can do something about says so, in the words of the domain. What it can't,
// Unavailable and Internal, has one text each; `correlation` names the log record with the detail.
[[nodiscard]] BusError bus_error(const Error& error, std::string_view correlation);

// A call that was not accepted.
[[nodiscard]] BusError refusal(Admission admission);

[[nodiscard]] BusError access_denied();
[[nodiscard]] BusError too_long();
[[nodiscard]] BusError wrong_types();
[[nodiscard]] BusError no_such_object();
[[nodiscard]] BusError wrong_code();

}  // namespace twinlock::dbus

#endif
