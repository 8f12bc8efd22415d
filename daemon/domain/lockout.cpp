// SPDX-License-Identifier: MIT
#include "daemon/domain/lockout.h"

#include <algorithm>
#include <cstddef>

namespace twinlock {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::chrono::hours kHour{1};

// When the window of `length` has room again for one more failure, if it is full now.
std::optional<WallTime> cap(const std::vector<WallTime>& failures,
                            std::size_t most,
                            std::chrono::seconds length,
                            WallTime now) {
  if (failures.size() < most) return std::nullopt;
  const WallTime oldest_of_the_last = std::min(failures[failures.size() - most], now);
  const WallTime room = oldest_of_the_last + length;
  return room > now ? std::optional(room) : std::nullopt;
}

std::optional<WallTime> later(std::optional<WallTime> a, std::optional<WallTime> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

std::optional<WallTime> ladder(const Attempts& attempts, WallTime now) {
  if (attempts.consecutive <= 0 || attempts.failures.empty()) return std::nullopt;
  const auto rung =
      std::min(static_cast<std::size_t>(attempts.consecutive), kHoldLadder.size()) - 1;
  const WallTime until = std::min(attempts.failures.back(), now) + kHoldLadder[rung];
  return until > now ? std::optional(until) : std::nullopt;
}

}  // namespace

std::optional<WallTime> hold_until(Budget budget, const Attempts& attempts, WallTime now) {
  switch (budget) {
    case Budget::ShortCode:
      return later(ladder(attempts, now),
                   later(cap(attempts.failures, kFailuresPerHour, kHour, now),
                         cap(attempts.failures, kFailuresPerDay, kDay, now)));
    case Budget::RecoveryCode: {
      // Five in an hour, then a pause that counts from the last of them.
      if (!cap(attempts.failures, kRecoveryFailuresPerHour, kHour, now)) return std::nullopt;
      const WallTime until = std::min(attempts.failures.back(), now) + kRecoveryHold;
      return until > now ? std::optional(until) : std::nullopt;
    }
    case Budget::Console:
    case Budget::Place:
      return cap(attempts.failures, kPlaceFailuresPerHour, kHour, now);
  }
  return now + kDay;
}

bool is_disabled(Budget budget, const Attempts& attempts) {
  return budget == Budget::ShortCode && attempts.consecutive >= kDisablingFailures;
}

Attempts with_failure(Attempts attempts, WallTime now) {
  auto& failures = attempts.failures;
  std::erase_if(failures, [now](WallTime at) { return now - at >= kDay; });
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
