// SPDX-License-Identifier: MIT
#include "daemon/dbus/call_gate.h"

#include <gtest/gtest.h>

namespace twinlock::dbus {
namespace {

using namespace std::chrono_literals;

constexpr GateLimits kShipped{{10, 20, 8}, {500, 1000, 256}};
const CallGate::Moment kStart = CallGate::Moment() + 1h;

// Calls that are answered at once: how many of `count` are let through.
int accepted(CallGate& gate, Uid uid, int count, CallGate::Moment now) {
  int accepted = 0;
  for (int i = 0; i < count; ++i) {
    if (gate.admit(uid, now) != Admission::Accepted) continue;
    gate.close(uid);
    ++accepted;
  }
  return accepted;
}

// S39
TEST(CallGate, LetsABurstThroughAndThenTheRate) {
  CallGate gate(kShipped);
  EXPECT_EQ(accepted(gate, 1000, 100, kStart), 20);
  EXPECT_EQ(accepted(gate, 1000, 100, kStart + 1s), 10);
  EXPECT_EQ(accepted(gate, 1000, 100, kStart + 1100ms), 1);
}

// S39: whoever asks again and again gets as much as who waits.
TEST(CallGate, ChargesNothingForARefusal) {
  CallGate gate(kShipped);
  (void)accepted(gate, 1000, 20, kStart);
  int let_through = 0;
  for (auto now = kStart + 1ms; now <= kStart + 2s; now += 1ms) {
    let_through += accepted(gate, 1000, 5, now);
  }
  EXPECT_NEAR(let_through, 20, 1);  // ten a second

  CallGate crowded({{10, 20, 1}, {10, 20, 1}});
  ASSERT_EQ(crowded.admit(1000, kStart), Admission::Accepted);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(crowded.admit(1000, kStart), Admission::TooMany);
  crowded.close(1000);
  EXPECT_EQ(accepted(crowded, 1000, 100, kStart), 19);
}

TEST(CallGate, SavesNoMoreThanABurst) {
  CallGate gate(kShipped);
  (void)accepted(gate, 1000, 1, kStart);
  EXPECT_EQ(accepted(gate, 1000, 100, kStart + 24h), 20);
}

TEST(CallGate, HasABucketForEachUid) {
  CallGate gate(kShipped);
  (void)accepted(gate, 1000, 100, kStart);
  EXPECT_EQ(accepted(gate, 1001, 100, kStart), 20);
}

TEST(CallGate, LetsRootDoMore) {
  CallGate gate(kShipped);
  EXPECT_EQ(accepted(gate, 0, 5000, kStart), 1000);
}

// S39
TEST(CallGate, BoundsTheCallsInFlight) {
  CallGate gate(kShipped);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(gate.admit(1000, kStart), Admission::Accepted);
  EXPECT_EQ(gate.admit(1000, kStart), Admission::TooMany);
  gate.close(1000);
  EXPECT_EQ(gate.admit(1000, kStart), Admission::Accepted);
}

TEST(CallGate, ForgetsSilentUidsButNotTheirDebts) {
  CallGate gate(kShipped);
  (void)accepted(gate, 7, 100, kStart);
  for (Uid uid = 1000; uid < 4000; ++uid) (void)accepted(gate, uid, 1, kStart);
  EXPECT_EQ(accepted(gate, 7, 100, kStart), 0);
}

TEST(CallGate, TakesNewLimitsAtOnce) {
  CallGate gate(kShipped);
  gate.configure({{1, 1, 1}, {1, 1, 1}});
  EXPECT_EQ(accepted(gate, 1000, 100, kStart), 1);
}

TEST(CallGate, EarnsNothingFromAClockThatStandsStill) {
  CallGate gate(kShipped);
  (void)accepted(gate, 1000, 100, kStart);
  EXPECT_EQ(accepted(gate, 1000, 100, kStart - 1s), 0);
}

}  // namespace
}  // namespace twinlock::dbus
