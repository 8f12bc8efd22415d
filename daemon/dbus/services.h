// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_SERVICES_H
#define TWINLOCK_DAEMON_DBUS_SERVICES_H

#include <string>

#include "daemon/domain/administration.h"
#include "daemon/domain/api_access.h"
#include "daemon/domain/conversation_engine.h"
#include "daemon/domain/enrollment.h"
#include "daemon/domain/users.h"
#include "daemon/ports/account_directory.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/event_log.h"
#include "daemon/ports/store.h"

namespace twinlock::dbus {

// What the interfaces on the bus are made of. All of it outlives the server.
struct Services {
  ConversationEngine& engine;
  Enrollment& enrollment;
  Administration& administration;
  ApiAccess& api_access;
  Users& users;
  AuditStore& audit;
  AccountDirectory& directory;  // for whatever anybody may have looked up; not for logins
  Clock& clock;
  EventLog& log;
  std::string version;
  WallTime started;
};

}  // namespace twinlock::dbus

#endif
