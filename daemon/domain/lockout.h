// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_LOCKOUT_H
#define TWINLOCK_DAEMON_DOMAIN_LOCKOUT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/instant.h"
#include "daemon/domain/limits.h"

//                 failure                       100 in a row
//    ┌──────┐ ────────────────► ┌────────────┐ ─────────────► ┌──────────┐
//    │ open │                   │ on hold    │                │ disabled │
//    └──────┘ ◄──────────────── └────────────┘                └──────────┘
//        ▲     the hold has run out; a success             another factor, a recovery
//        └──── sets the row of failures to zero            code or an administrator
//
// A submitted code is counted as a failure before it is looked at, and put back by the success
// that it turns out to be (S88). During a hold nothing is looked at, consumed or counted.
namespace twinlock {

// The budgets of one account. One for all short codes together (S89).
enum class Budget {
  ShortCode = 1,
  RecoveryCode = 2,
  Console = 3,  // short codes at a local console: an allowance of its own
  Place = 4,    // short codes from a known place: one allowance for each place
  Session = 5,  // short codes for sudo and su in the user's own session: the same
};

// The failures of one account within one budget, as stored.
struct Attempts {
  std::int64_t version = 0;  // 0: nothing stored yet. Each write replaces exactly one version
  int consecutive = 0;
  // Of the last 24 hours, oldest first, at most kFailuresPerDay.
  std::vector<WallTime> failures;
};

// Until when codes of this budget aren't looked at; nothing if they are. Failures dated after `now`
// by more than the clock's tolerance are from a clock that was wrong and has been set back: they
// don't count, or a hold would last for as long as the clock was off (S90, S136).
[[nodiscard]] std::optional<WallTime> hold_until(Budget budget,
                                                 const Attempts& attempts,
                                                 WallTime now);

// Whether the budget is closed until somebody opens it (100 failures in a row).
[[nodiscard]] bool is_disabled(Budget budget, const Attempts& attempts);

// The same with one more failure, at `now`; failures older than a day are dropped.
[[nodiscard]] Attempts with_failure(Attempts attempts, WallTime now);

// The same after a success whose attempt had been counted at `counted`: none in a row, and that one
// taken out of the rolling caps, which otherwise stay.
[[nodiscard]] Attempts with_success(Attempts attempts, WallTime counted);

}  // namespace twinlock

#endif
