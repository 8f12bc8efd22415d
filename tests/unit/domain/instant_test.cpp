// SPDX-License-Identifier: MIT
#include "daemon/domain/instant.h"

#include <gtest/gtest.h>

namespace twinlock {
namespace {

using namespace std::chrono_literals;

const Instant kStart{WallTime(1'000'000'000s), 5000s};

Instant later(std::chrono::milliseconds wall, std::chrono::milliseconds since_boot) {
  return {kStart.wall + wall, kStart.since_boot + since_boot};
}

TEST(InstantTest, ALifetimeEndsAtItsLastMoment) {
  EXPECT_FALSE(has_passed(120s, kStart, later(119'999ms, 119'999ms)));
  EXPECT_TRUE(has_passed(120s, kStart, later(120s, 120s)));
}

TEST(InstantTest, ALifetimeEndsWhenEitherClockSaysSo) {  // S136
  EXPECT_TRUE(has_passed(120s, kStart, later(-1000s, 120s)));
  EXPECT_TRUE(has_passed(120s, kStart, later(120s, 0s)));
}

TEST(InstantTest, ARestartOfTheMachineEndsEveryLifetime) {  // S136
  EXPECT_TRUE(has_passed(120s, kStart, later(1s, -1ms)));
}

TEST(InstantTest, SettingTheWallClockBackProlongsNothing) {
  EXPECT_FALSE(has_passed(120s, kStart, later(-1000s, 119s)));
  EXPECT_TRUE(has_passed(120s, kStart, later(-1000s, 121s)));
}

}  // namespace
}  // namespace twinlock
