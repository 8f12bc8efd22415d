// SPDX-License-Identifier: MIT
#include "daemon/http/rate_limit.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/fakes/fake_clock.h"

// S69, and the REST rows of the table of attempts.
namespace twinlock::http {
namespace {

using namespace std::chrono_literals;

class RateLimit : public testing::Test {
 protected:
  [[nodiscard]] Instant now() { return *clock_.now(); }
  [[nodiscard]] Allowance call(const std::string& token, bool is_write = false) {
    return limits_.draw(RateClass::Management, is_write, {"source", token}, now());
  }
  FakeClock clock_;
  RateLimits limits_{CallRates{}};
};

TEST_F(RateLimit, LetsFortyAtOnceAndEightASecondPass) {  // C22
  for (int i = 0; i < 40; ++i) EXPECT_FALSE(call("t").retry_after);
  for (int second = 0; second < 60; ++second) {
    clock_.advance(1s);
    for (int i = 0; i < 8; ++i) EXPECT_FALSE(call("t").retry_after);
  }
}

TEST_F(RateLimit, SaysHowManyAreLeftAndWhenAllAreBack) {  // C18
  const auto first = call("t");
  EXPECT_EQ(first.limit, kRequestBurst);
  EXPECT_EQ(first.remaining, kRequestBurst - 1);
  EXPECT_EQ(first.full_at, clock_.wall() + 50ms);  // one of twenty a second
}

TEST_F(RateLimit, RefusesBeyondTheBurstUntilThereIsRoom) {  // C19
  for (int i = 0; i < kRequestBurst; ++i) EXPECT_FALSE(call("t").retry_after) << i;
  const auto refused = call("t");
  ASSERT_TRUE(refused.retry_after);
  EXPECT_EQ(*refused.retry_after, 1s);
  EXPECT_EQ(refused.remaining, 0);
  clock_.advance(49ms);
  EXPECT_TRUE(call("t").retry_after);
  clock_.advance(1ms);
  EXPECT_FALSE(call("t").retry_after);
}

TEST_F(RateLimit, GivesEachTokenItsOwnBucket) {
  for (int i = 0; i <= kRequestBurst; ++i) static_cast<void>(call("t"));
  EXPECT_FALSE(call("u").retry_after);
  EXPECT_FALSE(call("").retry_after);  // the source's
}

TEST_F(RateLimit, BoundsTheWritesOfATokenToSixHundredAMinute) {
  limits_.configure({10'000, 10'000});
  for (int i = 0; i < kWritesPerMinute; ++i) ASSERT_FALSE(call("t", true).retry_after) << i;
  EXPECT_TRUE(call("t", true).retry_after);
  EXPECT_FALSE(call("t", false).retry_after);
  clock_.advance(100ms);
  EXPECT_FALSE(call("t", true).retry_after);
}

TEST_F(RateLimit, BoundsTheTicketsOfATokenToSixtyAnHour) {
  const auto ticket = [this] {
    return limits_.draw(RateClass::Tickets, true, {"source", "t"}, now()).retry_after;
  };
  for (int i = 0; i < kTicketsPerHour; ++i) ASSERT_FALSE(ticket()) << i;
  EXPECT_EQ(ticket(), 60s);
  clock_.advance(60s);
  EXPECT_FALSE(ticket());
}

TEST_F(RateLimit, HoldsASourceAMinuteAfterTwentyFailedAuthentications) {
  const auto held = [this](const char* source) {
    return limits_.held(RateClass::Management, source, now());
  };
  for (int i = 1; i < kFailedAuthenticationsPerMinute; ++i) {
    limits_.count(Mark::FailedAuthentication, "s", now());
  }
  EXPECT_FALSE(held("s"));
  limits_.count(Mark::FailedAuthentication, "s", now());
  EXPECT_EQ(held("s"), 60s);
  EXPECT_FALSE(held("other"));
  EXPECT_FALSE(limits_.held(RateClass::None, "s", now()));
  clock_.advance(60s);
  EXPECT_FALSE(held("s"));
}

TEST_F(RateLimit, ForgetsFailuresThatAreAMinuteOld) {
  for (int i = 0; i < 200; ++i) {
    limits_.count(Mark::FailedAuthentication, "s", now());
    clock_.advance(3100ms);  // nineteen or twenty a minute
    if (i % 19 == 18) clock_.advance(5s);
    ASSERT_FALSE(limits_.held(RateClass::Management, "s", now())) << i;
  }
}

TEST_F(RateLimit, HoldsASourceThatLooksUpTicketsAfterTwentyMisses) {
  for (int i = 0; i < kLookupMissesPerHour; ++i) limits_.count(Mark::LookupMiss, "s", now());
  EXPECT_EQ(limits_.held(RateClass::Lookup, "s", now()), 3600s);
  EXPECT_FALSE(limits_.held(RateClass::Source, "s", now()));
}

TEST_F(RateLimit, KeepsABoundedNumberOfBuckets) {
  BucketTable table(100);
  const BucketRate rate{10, 1s};
  static_cast<void>(table.take("first", rate, now()));
  for (int i = 0; i < 1000; ++i) {
    clock_.advance(1ms);
    static_cast<void>(table.take("key " + std::to_string(i), rate, now()));
    EXPECT_LE(table.size(), 100U);
  }
}

TEST_F(RateLimit, GoesOnWhenTheClockStandsStillOrGoesBack) {
  for (int i = 0; i < kRequestBurst; ++i) static_cast<void>(call("t"));
  clock_.set_since_boot(0ms);
  EXPECT_TRUE(call("t").retry_after);
  clock_.advance(1s);
  EXPECT_FALSE(call("t").retry_after);
}

}  // namespace
}  // namespace twinlock::http
