// SPDX-License-Identifier: MIT
#include "daemon/domain/clock_watch.h"

#include <gmock/gmock.h>

#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_key_ring.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/recording_log.h"

namespace twinlock {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ClockWatchTest : public testing::Test {
 protected:
  // What housekeeping does every few seconds.
  void look() {
    watch_.look_for_jump(*clock_.now());
    watch_.compare(clock_.wall(), *store_.raise_latest_time(clock_.wall()));
    alerts_.write_to(trail_);
  }

  FakeClock clock_;
  FakeKeyRing keys_;
  MemoryStore store_;
  RecordingLog log_;
  AuditTrail trail_{store_, keys_, log_};
  PendingAlerts alerts_;
  ClockWatch watch_{log_, alerts_};
};

TEST_F(ClockWatchTest, AClockBehindTheLatestTimeIsAnAlertOnce) {  // S90, S129
  look();
  clock_.set_wall(clock_.wall() - 121s);
  for (int i = 0; i < 3; ++i) look();
  ASSERT_THAT(log_.events(), SizeIs(1));
  const auto event = log_.events().front();
  EXPECT_EQ(event.type, AuditEventType::ClockBehind);
  EXPECT_EQ(event.time, clock_.wall());
  EXPECT_EQ(event.detail, "121 s behind");
}

TEST_F(ClockWatchTest, TwoMinutesBehindAreNoAlert) {  // S90
  look();
  clock_.set_wall(clock_.wall() - 120s);
  look();
  EXPECT_THAT(log_.events(), IsEmpty());
}

TEST_F(ClockWatchTest, AClockThatFallsBehindAgainAfterItWasRightIsAnotherAlert) {  // S90, S129
  look();
  const auto right = clock_.wall();
  for (int episode = 0; episode < 2; ++episode) {
    clock_.set_wall(right - 1h);
    look();
    clock_.set_wall(right);
    look();
  }
  EXPECT_THAT(log_.events(), SizeIs(2));
}

TEST_F(ClockWatchTest, AJumpAgainstTheTimeSinceBootIsLogged) {  // S90
  look();
  clock_.advance(10s);
  clock_.set_wall(clock_.wall() + 31s);
  look();
  ASSERT_THAT(log_.problems(), SizeIs(1));
  EXPECT_EQ(log_.problems().front().severity, Severity::Warning);
  EXPECT_THAT(log_.problems().front().text, HasSubstr("jumped by 31 s"));
}

TEST_F(ClockWatchTest, TimeThatPassesAndSmallCorrectionsAreNoJump) {  // S90
  look();
  clock_.advance(1h);
  look();
  clock_.set_wall(clock_.wall() - 30s);
  look();
  EXPECT_THAT(log_.problems(), IsEmpty());
}

}  // namespace
}  // namespace twinlock
