// SPDX-License-Identifier: MIT
#include "daemon/watchdog.h"

#include <utility>

namespace twinlock {

Watchdog::Watchdog(std::function<std::vector<Pulse>()> pulses,
                   EventLog& log,
                   std::function<void()> feed,
                   Clock now)
    : pulses_(std::move(pulses)), log_(log), feed_(std::move(feed)), now_(std::move(now)) {
  // A first look finds all of them alive, but one that never comes round stops the second.
  for (const auto& pulse : pulses_()) static_cast<void>(is_alive(pulse));
}

void Watchdog::look(bool store_answered) {
  bool all_alive = store_answered;
  // Each is looked at, whatever the others are: it may have to be reported.
  for (const auto& pulse : pulses_()) all_alive = is_alive(pulse) && all_alive;
  if (all_alive) feed_();
}

bool Watchdog::is_alive(const Pulse& pulse) {
  const auto now = now_();
  const auto [found, is_new] = seen_.try_emplace(pulse.loop, Seen{pulse.rounds, now, false});
  auto& seen = found->second;
  if (is_new) return true;
  if (std::exchange(seen.rounds, pulse.rounds) != pulse.rounds) {
    seen.alive = now;
    seen.is_reported = false;
    return true;
  }
  if (pulse.may_pause.empty()) return false;
  const auto silence = now - seen.alive;
  if (silence >= kNotedSilence && !std::exchange(seen.is_reported, true)) {
    log_.problem(Severity::Alert, "watchdog", pulse.may_pause);
  }
  return silence < kLongestSilence;
}

}  // namespace twinlock
