// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_AUDIT_WATCH_H
#define TWINLOCK_DAEMON_DOMAIN_AUDIT_WATCH_H

#include <chrono>
#include <optional>
#include <string>

#include "daemon/domain/instant.h"
#include "daemon/domain/pending_alerts.h"
#include "daemon/ports/event_log.h"
#include "daemon/ports/store.h"

namespace twinlock {

// Verifies the whole audit log after a start and a day after each time that it has come to the end,
// part by part, and tells if the chain is broken (S127). One thread.
class AuditWatch {
 public:
  enum class Round { Going, Done };

  AuditWatch(AuditStore& audit, EventLog& log, PendingAlerts& alerts)
      : audit_(audit), log_(log), alerts_(alerts) {}

  // Verifies one part, if it is time to. Done: nothing to do for a while. A finding is an alert the
  // first time that it is found; it stands in the log for as long as the broken record is kept.
  Round look_on(const Instant& now);

 private:
  void tell(const std::string& finding, WallTime now);

  AuditStore& audit_;
  EventLog& log_;
  PendingAlerts& alerts_;
  AuditReview review_;
  std::optional<std::chrono::milliseconds> rests_until_;  // since boot
  std::string told_;
};

}  // namespace twinlock

#endif
