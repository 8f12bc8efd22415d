// SPDX-License-Identifier: MIT
#include "daemon/system/flood_filter.h"

#include <gtest/gtest.h>

namespace twinlock {
namespace {

using namespace std::chrono_literals;
using Verdict = FloodFilter::Verdict;

const FloodFilter::Moment kStart{};

// S128
TEST(FloodFilter, LetsTwentyIdenticalRecordsThroughInAMinuteAndCountsTheRest) {
  FloodFilter filter;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(filter.judge("a", kStart + 1s), Verdict::Pass);
  for (int i = 0; i < 7; ++i) EXPECT_EQ(filter.judge("a", kStart + 2s), Verdict::LeaveOut);
  EXPECT_TRUE(filter.ended(kStart + 60s).empty());

  const auto summaries = filter.ended(kStart + 61s);
  ASSERT_EQ(summaries.size(), 1U);
  EXPECT_EQ(summaries[0].key, "a");
  EXPECT_EQ(summaries[0].left_out, 7);
  EXPECT_TRUE(filter.ended(kStart + 200s).empty());
}

TEST(FloodFilter, StartsAnewWithTheNextMinute) {
  FloodFilter filter;
  for (int i = 0; i < 30; ++i) (void)filter.judge("a", kStart);
  EXPECT_EQ(filter.ended(kStart + 60s).size(), 1U);
  EXPECT_EQ(filter.judge("a", kStart + 60s), Verdict::Pass);
}

TEST(FloodFilter, CountsEachKindForItself) {
  FloodFilter filter;
  for (int i = 0; i < 30; ++i) (void)filter.judge("a", kStart);
  EXPECT_EQ(filter.judge("b", kStart), Verdict::Pass);
}

TEST(FloodFilter, PutsKindsBeyondItsBoundTogether) {
  FloodFilter filter;
  for (std::size_t i = 0; i < FloodFilter::kMaxKeys; ++i) {
    (void)filter.judge(std::to_string(i), kStart);
  }
  int passed = 0;
  for (int i = 0; i < 100; ++i) {
    if (filter.judge("more " + std::to_string(i), kStart) == Verdict::Pass) ++passed;
  }
  EXPECT_EQ(passed, FloodFilter::kPerMinute);
}

}  // namespace
}  // namespace twinlock
