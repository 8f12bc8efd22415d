// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_CALLER_H
#define TWINLOCK_DAEMON_DBUS_CALLER_H

#include <optional>
#include <string>
#include <unordered_map>

#include "daemon/dbus/sdbus_compat.h"
#include "daemon/domain/account.h"

namespace twinlock::dbus {

// Who calls, as the bus states it; nothing of it comes from the message's contents (S33).
struct Caller {
  Uid uid;                  // effective
  std::string bus_name;     // unique, for polkit
  bool allows_interaction;  // polkit may ask for a password
};

// Who is behind the connections that have called. The bus is asked once for each: a unique name is
// never given to a second connection, and a connection's uid never changes. Asking for each call
// would read in everything that a flood has queued before the answer comes. On the bus thread.
class Callers {
 public:
  // The caller of the call that `object` handles right now; nothing if the bus can't say, which
  // denies (S34).
  [[nodiscard]] std::optional<Caller> current(const sdbus::IObject& object);

 private:
  std::unordered_map<std::string, Uid> known_;
};

}  // namespace twinlock::dbus

#endif
