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
  // `detail` says what was found, in at most a few words. `seen` stays the record's time, however
  // late it is written. Keeps the first few dozen: each is told once an episode, so that more would
  // say nothing new.
  void add(AuditEventType type, Reason reason, WallTime seen, const std::string& detail);

  // Writes what waits, oldest first; what the store refuses goes on waiting. One thread at a time.
  void write_to(AuditTrail& trail);

 private:
  std::mutex mutex_;  // guards waiting_
  std::deque<AuditEvent> waiting_;
};

}  // namespace twinlock

#endif
