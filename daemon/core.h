// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_CORE_H
#define TWINLOCK_DAEMON_CORE_H

#include <memory>

#include "daemon/domain/administration.h"
#include "daemon/domain/api_access.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/conversation_engine.h"
#include "daemon/domain/departures.h"
#include "daemon/domain/enrollment.h"
#include "daemon/domain/method_administration.h"
#include "daemon/domain/pending_alerts.h"
#include "daemon/domain/setting_groups.h"
#include "daemon/domain/signing_keys.h"
#include "daemon/domain/tickets.h"
#include "daemon/domain/users.h"
#include "daemon/settings.h"
#include "daemon/stop_guard.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/system/credential_key_ring.h"
#include "daemon/system/getrandom_source.h"
#include "daemon/system/journal.h"
#include "daemon/system/nss_directory.h"

namespace twinlock {

// The domain on the ports of this machine: what every interface speaks to, whichever this process
// serves. Its parts are there to be handed on, so they are public.
struct Core {
  // What was there before a store could be opened.
  struct Ground {
    Journal& log;
    Clock& clock;
    PendingAlerts& alerts;
    StopGuard& guard;
    WallTime started;
  };

  Core(const Ground& ground,
       const Settings& settings,
       std::unique_ptr<CredentialKeyRing> key_ring,
       std::unique_ptr<SqliteStore> opened_store);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // After a reload: what a restart isn't needed for.
  void configure(const Settings& fresh);

  // A record about the daemon itself. Where the store can't take it, the log hears why.
  void record(AuditEventType type, const std::string& detail);

  Journal& log;
  Clock& clock;
  PendingAlerts& alerts;
  const WallTime started;
  std::unique_ptr<CredentialKeyRing> keys;
  std::unique_ptr<SqliteStore> store;
  const StopGuard::Announcement store_ends;  // behind the store, so that it is said before it goes
  GetrandomSource random;
  NssDirectory directory;  // for logins and for administrators
  NssDirectory users_directory{NssDirectory::kForOthers};
  AuditTrail audit;
  ConversationEngine engine;
  Enrollment enrollment;
  Administration administration;
  ApiAccess api_access;
  SettingGroups setting_groups;
  SigningKeys signing_keys;
  Departures departures;
  Users users;  // what the management API does to people, and below to what they enrolled
  MethodAdministration methods;
  Tickets tickets;
};

}  // namespace twinlock

#endif
