// SPDX-License-Identifier: MIT
#include "daemon/domain/lockout.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace twinlock {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::chrono::hours kHour{1};

// The failures that a clock showing `now` can have seen, oldest first.
std::span<const WallTime> seen(const std::vector<WallTime>& failures, WallTime now) {
  const auto end = std::upper_bound(failures.begin(), failures.end(), now + kClockTolerance);
  return {failures.begin(), end};
}

// When the window of `length` has room again for one more failure, if it is full now.
std::optional<WallTime> cap(std::span<const WallTime> failures,
                            std::size_t most,
                            std::chrono::seconds length,
                            WallTime now) {
  if (failures.size() < most) return std::nullopt;
  const WallTime room = failures[failures.size() - most] + length;
  return room > now ? std::optional(room) : std::nullopt;
}

std::optional<WallTime> later(std::optional<WallTime> a, std::optional<WallTime> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

std::optional<WallTime> ladder(int consecutive, std::span<const WallTime> failures, WallTime now) {
  if (consecutive <= 0 || failures.empty()) return std::nullopt;
  const auto rung = std::min(static_cast<std::size_t>(consecutive), kHoldLadder.size()) - 1;
  const WallTime until = failures.back() + kHoldLadder[rung];
  return until > now ? std::optional(until) : std::nullopt;
}

// Five in an hour, then a pause that counts from the last of them.
std::optional<WallTime> recovery_pause(std::span<const WallTime> failures, WallTime now) {
  if (!cap(failures, kRecoveryFailuresPerHour, kHour, now)) return std::nullopt;
  const WallTime until = failures.back() + kRecoveryHold;
  return until > now ? std::optional(until) : std::nullopt;
}

}  // namespace

std::optional<WallTime> hold_until(Budget budget, const Attempts& attempts, WallTime now) {
  const auto failures = seen(attempts.failures, now);
  switch (budget) {
    case Budget::ShortCode:
      return later(ladder(attempts.consecutive, failures, now),
                   later(cap(failures, kFailuresPerHour, kHour, now),
                         cap(failures, kFailuresPerDay, kDay, now)));
    case Budget::RecoveryCode:
      return recovery_pause(failures, now);
    case Budget::Console:
    case Budget::Place:
      return cap(failures, kPlaceFailuresPerHour, kHour, now);
    case Budget::Session:
      return later(cap(failures, kPlaceFailuresPerHour, kHour, now),
                   cap(failures, kSessionFailuresPerDay, kDay, now));
  }
  return now + kDay;
}

bool is_disabled(Budget budget, const Attempts& attempts) {
  return budget == Budget::ShortCode && attempts.consecutive >= kDisablingFailures;
}

Attempts with_failure(Attempts attempts, WallTime now) {
  auto& failures = attempts.failures;
  std::erase_if(failures,
                [now](WallTime at) { return now - at >= kDay || at > now + kClockTolerance; });
  failures.push_back(now);
  std::sort(failures.begin(), failures.end());
  if (failures.size() > static_cast<std::size_t>(kFailuresPerDay)) {
    failures.erase(failures.begin(), failures.end() - kFailuresPerDay);
  }
  ++attempts.consecutive;
  return attempts;
}

Attempts with_success(Attempts attempts, WallTime counted) {
  auto& failures = attempts.failures;
  const auto own = std::find(failures.rbegin(), failures.rend(), counted);
  if (own != failures.rend()) failures.erase(std::next(own).base());
  attempts.consecutive = 0;
  return attempts;
}

}  // namespace twinlock
