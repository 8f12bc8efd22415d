// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_PENDING_ALERTS_H
#define TWINLOCK_DAEMON_DOMAIN_PENDING_ALERTS_H

#include <deque>
#include <mutex>
#include <string>

#include "daemon/domain/audit_event.h"
#include "daemon/domain/audit_trail.h"

namespace twinlock {

// Alerts on their way to the audit log that the store may not be able to take yet: a full disk
// can't be recorded while it is full (S132). Any thread.
class PendingAlerts {
 public:
  // Whether the other processes of the store see it as well, as they do a disk without room.
  enum class Seen { HereAlone, Everywhere };

  // `detail` says what was found, in at most a few words. `time` stays the record's, however
  // late it is written. Keeps the first few dozen: each is told once an episode, so that more would
  // say nothing new.
  void add(AuditEventType type,
           Reason reason,
           WallTime time,
           const std::string& detail,
           Seen seen = Seen::HereAlone);

  // Forgets what is seen everywhere and has a record already, of the minutes around it.
  void forget_those_told(AuditStore& audit);

  // Writes what waits, oldest first; what the store refuses goes on waiting. One thread at a time.
  void write_to(AuditTrail& trail);

 private:
  struct Alert {
    AuditEvent event;
    Seen seen;
  };

  std::mutex mutex_;  // guards waiting_
  std::deque<Alert> waiting_;
};

}  // namespace twinlock

#endif
