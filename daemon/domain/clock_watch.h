// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_CLOCK_WATCH_H
#define TWINLOCK_DAEMON_DOMAIN_CLOCK_WATCH_H

#include <optional>

#include "daemon/domain/instant.h"
#include "daemon/domain/pending_alerts.h"
#include "daemon/ports/event_log.h"

namespace twinlock {

// Tells when the machine's clock can't be right (S90). One thread.
class ClockWatch {
 public:
  ClockWatch(EventLog& log, PendingAlerts& alerts) : log_(log), alerts_(alerts) {}

  // Warns if the wall clock has moved by more than 30 s against the time since boot since the last
  // look.
  void look_for_jump(const Instant& now);

  // Alerts if the clock is more than kClockTolerance behind `latest`, the latest wall time that the
  // store has kept: once, and again only after it wasn't.
  void compare(WallTime now, WallTime latest);

 private:
  EventLog& log_;
  PendingAlerts& alerts_;
  std::optional<Instant> last_look_;
  bool behind_ = false;
};

}  // namespace twinlock

#endif
