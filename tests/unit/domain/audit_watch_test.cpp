// SPDX-License-Identifier: MIT
#include "daemon/domain/audit_watch.h"

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

// An audit log of as many parts as a test says, and as whole.
class LogInParts final : public AuditStore {
 public:
  Result<std::uint64_t> append(const AuditEvent& event) override { return kept_.append(event); }
  Result<std::vector<AuditRecord>> read(const AuditQuery& query) override {
    return kept_.read(query);
  }
  Result<AuditVerification> verify() override { return AuditVerification{}; }
  Result<AuditReview> review_on(AuditReview review) override {
    if (fails) return Error{ErrorCode::Unavailable, "the disk is away"};
    ++reviewed;
    review.state = AuditReview::State::Going;
    if (++review.at.sequence < parts) return review;
    review.state = AuditReview::State::Ended;
    review.result.finding = finding;
    return review;
  }

  std::uint64_t parts = 1;
  std::string finding;
  bool fails = false;
  int reviewed = 0;

 private:
  MemoryStore kept_;
};

class AuditWatchTest : public testing::Test {
 protected:
  AuditWatch::Round look() {
    const auto round = watch_.look_on(*clock_.now());
    alerts_.write_to(trail_);
    return round;
  }

  FakeClock clock_;
  FakeKeyRing keys_;
  LogInParts audit_;
  RecordingLog log_;
  AuditTrail trail_{audit_, keys_, log_};
  PendingAlerts alerts_;
  AuditWatch watch_{audit_, log_, alerts_};
};

TEST_F(AuditWatchTest, GoesThroughTheLogInPartsAndThenRestsForADay) {  // S127
  audit_.parts = 3;
  EXPECT_EQ(look(), AuditWatch::Round::Going);
  EXPECT_EQ(look(), AuditWatch::Round::Going);
  EXPECT_EQ(look(), AuditWatch::Round::Done);
  clock_.advance(24h - 1s);
  EXPECT_EQ(look(), AuditWatch::Round::Done);
  EXPECT_EQ(audit_.reviewed, 3);
  clock_.advance(1s);
  EXPECT_EQ(look(), AuditWatch::Round::Going);
  EXPECT_EQ(audit_.reviewed, 4);
  EXPECT_THAT(log_.problems(), IsEmpty());
}

TEST_F(AuditWatchTest, ABrokenChainIsAnAlertOnce) {  // S127, S129
  audit_.finding = "record 7 was changed, or the one before it";
  for (int day = 0; day < 3; ++day) {
    look();
    clock_.advance(24h);
  }
  ASSERT_THAT(log_.events(), SizeIs(1));
  EXPECT_EQ(log_.events().front().type, AuditEventType::AuditGap);
  EXPECT_EQ(log_.events().front().detail, audit_.finding);
  ASSERT_THAT(log_.problems(), SizeIs(1));
  EXPECT_EQ(log_.problems().front().severity, Severity::Alert);
}

TEST_F(AuditWatchTest, AnotherFindingIsAnotherAlert) {  // S129
  for (const char* finding : {"record 7 was changed", "record 9 was changed"}) {
    audit_.finding = finding;
    look();
    clock_.advance(24h);
  }
  EXPECT_THAT(log_.events(), SizeIs(2));
}

TEST_F(AuditWatchTest, GoesOnWhereItStoodWhenTheStoreAnswersAgain) {
  audit_.parts = 2;
  EXPECT_EQ(look(), AuditWatch::Round::Going);
  audit_.fails = true;
  EXPECT_EQ(look(), AuditWatch::Round::Done);
  EXPECT_THAT(log_.events(), IsEmpty()) << "not knowing is no finding";
  audit_.fails = false;
  EXPECT_EQ(look(), AuditWatch::Round::Done);
  EXPECT_EQ(audit_.reviewed, 2);
}

}  // namespace
}  // namespace twinlock
