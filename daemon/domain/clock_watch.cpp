// SPDX-License-Identifier: MIT
#include "daemon/domain/clock_watch.h"

#include <chrono>
#include <string>
#include <utility>

#include "daemon/domain/limits.h"

namespace twinlock {
namespace {

using namespace std::chrono_literals;

constexpr auto kNotedJump = 30s;

std::string in_seconds(std::chrono::milliseconds length) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(length).count()) + " s";
}

}  // namespace

void ClockWatch::look_for_jump(const Instant& now) {
  const auto before = std::exchange(last_look_, now);
  if (!before) return;
  const auto jump = (now.wall - before->wall) - (now.since_boot - before->since_boot);
  if (std::chrono::abs(jump) <= kNotedJump) return;
  log_.problem(Severity::Warning, "clock", "the wall clock jumped by " + in_seconds(jump));
}

void ClockWatch::compare(WallTime now, WallTime latest) {
  const auto lag = latest - now;
  if (lag <= kClockTolerance) {
    if (std::exchange(behind_, false)) {
      log_.problem(Severity::Notice, "clock", "the clock is no longer behind");
    }
    return;
  }
  if (std::exchange(behind_, true)) return;
  log_.problem(Severity::Alert,
               "clock",
               "the clock is " + in_seconds(lag) +
                   " behind a time that it has shown before: no time-based code is accepted until "
                   "it is set right. If it was that time that was wrong: systemctl stop twinlockd, "
                   "twinlockd accept-restored-store, systemctl start twinlockd");
  alerts_.add(AuditEventType::ClockBehind, Reason::ClockBehind, now, in_seconds(lag) + " behind");
}

}  // namespace twinlock
