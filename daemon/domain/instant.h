// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_INSTANT_H
#define TWINLOCK_DAEMON_DOMAIN_INSTANT_H

#include <array>
#include <chrono>
#include <string>

namespace twinlock {

// UTC, in milliseconds, as the store keeps it.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

// RFC 3339 with milliseconds: "2026-11-21T23:10:00.000Z".
[[nodiscard]] std::string utc_text(WallTime time);
// The same without a string, for long lists.
using UtcCharacters = std::array<char, 24>;
[[nodiscard]] UtcCharacters utc_characters(WallTime time);

// One moment on two clocks. The wall clock says what to write down and which TOTP step it is; it
// can be set. Time since boot can't, but starts anew with the machine.
struct Instant {
  WallTime wall;
  std::chrono::milliseconds since_boot{0};
};

// Whether `lifetime` has passed since `start` by either clock (S136). A time since boot below the
// start's means that the machine was restarted, which ends everything that lives this short.
[[nodiscard]] constexpr bool has_passed(std::chrono::milliseconds lifetime,
                                        const Instant& start,
                                        const Instant& now) {
  return now.wall - start.wall >= lifetime || now.since_boot < start.since_boot ||
         now.since_boot - start.since_boot >= lifetime;
}

}  // namespace twinlock

#endif
