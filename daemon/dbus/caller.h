// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_CALLER_H
#define TWINLOCK_DAEMON_DBUS_CALLER_H

#include <optional>
#include <string>

#include "daemon/dbus/sdbus_compat.h"
#include "daemon/domain/account.h"

namespace twinlock::dbus {

// Who calls, as the bus states it; nothing of it comes from the message's contents (S33).
struct Caller {
  Uid uid;                  // effective
  std::string bus_name;     // unique, for polkit
  bool allows_interaction;  // polkit may ask for a password
};

// The caller of the call that `object` handles right now; nothing if the bus can't say, which
// denies (S34). On the bus thread.
[[nodiscard]] std::optional<Caller> current_caller(const sdbus::IObject& object);

}  // namespace twinlock::dbus

#endif
