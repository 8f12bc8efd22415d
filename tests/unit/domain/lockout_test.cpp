// SPDX-License-Identifier: MIT
#include "daemon/domain/lockout.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>
#include <vector>

namespace twinlock {
namespace {

const WallTime kNow{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};

// So many failures, each as soon as the hold before it has run out; `now` ends at the last one.
Attempts failures_in_a_row(int count, Budget budget, WallTime& now) {
  Attempts attempts;
  for (int i = 0; i < count; ++i) {
    if (const auto hold = hold_until(budget, attempts, now)) now = *hold;
    attempts = with_failure(std::move(attempts), now);
  }
  return attempts;
}

Attempts failures_at(std::vector<WallTime> times, int consecutive = 0) {
  return {1, consecutive, std::move(times)};
}

// So many, from kNow on.
std::vector<WallTime> times_every(std::chrono::seconds apart, std::size_t count) {
  std::vector<WallTime> times(count);
  auto next = kNow;
  for (auto& time : times) time = std::exchange(next, next + apart);
  return times;
}

struct Rung {
  int failures;
  std::chrono::seconds hold;
};

class LadderTest : public testing::TestWithParam<Rung> {};

TEST_P(LadderTest, HoldsFromTheLastFailureOn) {
  Attempts attempts;
  // Far apart, so that no rolling cap takes part.
  WallTime at = kNow;
  for (int i = 0; i < GetParam().failures; ++i)
    attempts = with_failure(std::move(attempts), at += 6h);
  const auto until = hold_until(Budget::ShortCode, attempts, at);
  if (GetParam().hold == 0s) {
    EXPECT_FALSE(until);
    return;
  }
  ASSERT_TRUE(until);
  EXPECT_EQ(*until - at, GetParam().hold);
  EXPECT_TRUE(hold_until(Budget::ShortCode, attempts, *until - 1ms));
  EXPECT_FALSE(hold_until(Budget::ShortCode, attempts, *until));
}

INSTANTIATE_TEST_SUITE_P(EveryRung,
                         LadderTest,
                         testing::Values(Rung{0, 0s},
                                         Rung{1, 0s},
                                         Rung{2, 0s},
                                         Rung{3, 5s},
                                         Rung{4, 15s},
                                         Rung{5, 30s},
                                         Rung{6, 60s},
                                         Rung{7, 2min},
                                         Rung{8, 5min},
                                         Rung{9, 10min},
                                         Rung{10, 15min},
                                         Rung{11, 15min},
                                         Rung{99, 15min}),
                         [](const auto& rung) { return std::to_string(rung.param.failures); });

TEST(LockoutTest, AHundredInARowDisable) {
  WallTime now = kNow;
  EXPECT_FALSE(is_disabled(Budget::ShortCode, failures_in_a_row(99, Budget::ShortCode, now)));
  EXPECT_TRUE(is_disabled(Budget::ShortCode, failures_in_a_row(100, Budget::ShortCode, now)));
}

TEST(LockoutTest, NoOtherBudgetIsEverDisabled) {
  for (const auto budget :
       {Budget::RecoveryCode, Budget::Console, Budget::Place, Budget::Session}) {
    EXPECT_FALSE(is_disabled(budget, failures_at({}, 1000)));
  }
}

TEST(LockoutTest, TenFailuresWithinAnHourHoldUntilTheFirstIsAnHourOld) {
  auto times = times_every(1min, 10);
  const auto now = kNow + 30min;
  EXPECT_EQ(hold_until(Budget::ShortCode, failures_at(times), now), kNow + 1h);
  EXPECT_FALSE(hold_until(Budget::ShortCode, failures_at(times), kNow + 1h));
  times.pop_back();
  EXPECT_FALSE(hold_until(Budget::ShortCode, failures_at(times), now));
}

TEST(LockoutTest, ThirtyFailuresWithinADayHoldUntilTheFirstIsADayOld) {
  auto times = times_every(30min, 30);
  const auto now = kNow + 16h;
  EXPECT_EQ(hold_until(Budget::ShortCode, failures_at(times), now), kNow + 24h);
  EXPECT_FALSE(hold_until(Budget::ShortCode, failures_at(times), kNow + 24h));
  times.erase(times.begin());
  EXPECT_FALSE(hold_until(Budget::ShortCode, failures_at(times), now));
}

TEST(LockoutTest, ASuccessTakesBackItsOwnFailureAndLeavesTheRollingCaps) {
  Attempts attempts;
  for (int i = 0; i < 9; ++i) attempts = with_failure(std::move(attempts), kNow + i * 1min);
  attempts = with_failure(std::move(attempts), kNow + 9min);
  attempts = with_success(std::move(attempts), kNow + 9min);
  EXPECT_EQ(attempts.consecutive, 0);
  EXPECT_EQ(attempts.failures.size(), 9U);
  attempts = with_failure(std::move(attempts), kNow + 10min);
  EXPECT_EQ(hold_until(Budget::ShortCode, attempts, kNow + 10min), kNow + 1h);
}

TEST(LockoutTest, FailuresOlderThanADayAreForgottenButNotTheRow) {
  Attempts attempts = with_failure({}, kNow);
  attempts = with_failure(std::move(attempts), kNow + 24h);
  EXPECT_EQ(attempts.failures.size(), 1U);
  EXPECT_EQ(attempts.consecutive, 2);
}

TEST(LockoutTest, KeepsNoMoreFailuresThanTheDaysCap) {
  Attempts attempts;
  for (int i = 0; i < 40; ++i) attempts = with_failure(std::move(attempts), kNow + i * 1min);
  ASSERT_EQ(attempts.failures.size(), 30U);
  EXPECT_EQ(attempts.failures.front(), kNow + 10min);
}

TEST(LockoutTest, FiveWrongRecoveryCodesInAnHourHoldForAQuarter) {
  auto times = times_every(10min, 4);
  const auto last = kNow + 50min;
  EXPECT_FALSE(hold_until(Budget::RecoveryCode, failures_at(times), last));
  times.push_back(last);
  EXPECT_EQ(hold_until(Budget::RecoveryCode, failures_at(times), last), last + 15min);
  EXPECT_FALSE(hold_until(Budget::RecoveryCode, failures_at(times), last + 15min));
}

TEST(LockoutTest, RecoveryCodesHaveNoLadder) {
  EXPECT_FALSE(hold_until(Budget::RecoveryCode, failures_at({kNow}, 50), kNow));
}

class AllowanceTest : public testing::TestWithParam<Budget> {};

TEST_P(AllowanceTest, IsFiveFailuresAnHour) {  // lock-out resistance
  std::vector<WallTime> times;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(hold_until(GetParam(), failures_at(times, i), kNow + 5min));
    times.push_back(kNow + i * 1min);
  }
  EXPECT_EQ(hold_until(GetParam(), failures_at(times, 5), kNow + 5min), kNow + 1h);
}

INSTANTIATE_TEST_SUITE_P(OfPlacesAndConsoles,
                         AllowanceTest,
                         testing::Values(Budget::Place, Budget::Console, Budget::Session));

// So that with the common budget's thirty a day guessing stays where it was reckoned to be.
TEST(SessionAllowanceTest, IsTenFailuresADayBesides) {
  std::vector<WallTime> times;
  for (int i = 0; i < 10; ++i) times.push_back(kNow + i * 1h);
  const WallTime now = times.back() + 1h;
  EXPECT_EQ(hold_until(Budget::Session, failures_at(times), now), kNow + 24h);
  EXPECT_FALSE(hold_until(Budget::Place, failures_at(times), now));
}

// A clock that ran a year ahead, five failures, and the clock put right.
class ClockPutBackTest : public testing::TestWithParam<Budget> {};

TEST_P(ClockPutBackTest, NoHoldOutlastsTheLadder) {
  const std::vector<WallTime> future(30, kNow + 365 * 24h);
  const auto attempts = failures_at(future, 30);
  bool open = false;
  for (WallTime now = kNow; now <= kNow + 24h && !open; now += 1min) {
    open = !hold_until(GetParam(), attempts, now);
  }
  EXPECT_TRUE(open);
}

TEST_P(ClockPutBackTest, TheNextFailureIsDatedRight) {
  const auto attempts = with_failure(failures_at({kNow + 365 * 24h}, 30), kNow);
  EXPECT_EQ(attempts.failures, std::vector<WallTime>{kNow});
  EXPECT_EQ(attempts.consecutive, 31);
}

TEST_P(ClockPutBackTest, ASmallStepBackEndsNoHold) {
  const auto attempts = failures_at(times_every(1s, 10), 10);
  EXPECT_TRUE(hold_until(GetParam(), attempts, kNow - 60s));
}

INSTANTIATE_TEST_SUITE_P(OfEveryBudget,
                         ClockPutBackTest,
                         testing::Values(Budget::ShortCode,
                                         Budget::RecoveryCode,
                                         Budget::Place,
                                         Budget::Console,
                                         Budget::Session));

}  // namespace
}  // namespace twinlock
