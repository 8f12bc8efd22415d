// SPDX-License-Identifier: MIT
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/unit/store/store_fixture.h"

namespace twinlock {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class AuditChainTest : public StoreTest {
 protected:
  // Ten records of alice and bob in turns.
  void SetUp() override {
    open();
    for (int n = 1; n <= 10; ++n) {
      auto one = event(AuditEventType::LoginDenied, kNow + n * 24h);
      one.user = n % 2 == 0 ? "alice" : "bob";
      one.service = "sshd";
      one.detail = "record " + std::to_string(n);
      ASSERT_TRUE(store_->append(one));
    }
  }
  // What verify() finds after somebody with write access to the file, and no key, did this.
  std::string finding_after(const std::string& change) {
    sql(change);
    const auto verification = store_->verify();
    return verification ? verification->finding : "error: " + verification.error().detail;
  }
  // Takes the place of the next record, with a copy of the newest.
  void forge_the_next_record() {
    sql("INSERT INTO audit SELECT sequence + 1, time, type, user, uid, service, source,"
        " method_type, method, reason, conversation, actor, detail, key, mac FROM audit"
        " ORDER BY sequence DESC LIMIT 1");
  }
  // All that can change of methods, as text.
  std::string methods() {
    return sql(
        "SELECT group_concat(owner || hex(id) || ifnull(confirmed, '-') || name"
        " || ifnull(last_factor, '-') || clock_offset IS NOT NULL) FROM method");
  }
};

TEST_F(AuditChainTest, AnUntouchedLogIsWhole) {
  EXPECT_THAT(finding_after("SELECT 1"), IsEmpty());
  EXPECT_EQ(store_->verify()->records, 10U);
}

TEST_F(AuditChainTest, AnEditOfAnyColumnIsFound) {  // S127
  for (const char* edit : {"time = time + 1",
                           "type = 1",
                           "user = 'eve'",
                           "uid = 0",
                           "uid = NULL",
                           "service = 'sudo'",
                           "source = '192.0.2.9'",
                           "method_type = 1",
                           "method = zeroblob(16)",
                           "reason = 1",
                           "conversation = zeroblob(16)",
                           "actor = 'uid 0'",
                           "detail = ''",
                           "mac = zeroblob(32)"}) {
    sql(std::string("CREATE TABLE before AS SELECT * FROM audit WHERE sequence = 4;") +
        "UPDATE audit SET " + edit + " WHERE sequence = 4");
    EXPECT_THAT(finding_after("SELECT 1"), HasSubstr("record 4 was changed")) << edit;
    sql("REPLACE INTO audit SELECT * FROM before; DROP TABLE before");
    EXPECT_THAT(finding_after("SELECT 1"), IsEmpty());
  }
}

TEST_F(AuditChainTest, TextMovedFromOneColumnToTheNextIsFound) {  // S127
  EXPECT_THAT(finding_after("UPDATE audit SET service = 'ss', source = 'hd' WHERE sequence = 4"),
              HasSubstr("record 4 was changed"));
}

TEST_F(AuditChainTest, AMissingRecordIsFound) {  // S127
  EXPECT_THAT(finding_after("DELETE FROM audit WHERE sequence = 5"),
              HasSubstr("record 5 is missing"));
}

TEST_F(AuditChainTest, WhatIsBehindABrokenRecordIsFoundToo) {  // S127
  EXPECT_THAT(finding_after("UPDATE audit SET service = 'x' WHERE sequence = 2;"
                            "DELETE FROM audit WHERE sequence = 7"),
              AllOf(HasSubstr("record 2 was changed"),
                    HasSubstr("2 breaks in all, the last: record 7 is missing")));
}

TEST_F(AuditChainTest, ExchangedRecordsAreFound) {  // S127
  EXPECT_THAT(finding_after("UPDATE audit SET sequence = 1000 WHERE sequence = 6;"
                            "UPDATE audit SET sequence = 6 WHERE sequence = 4;"
                            "UPDATE audit SET sequence = 4 WHERE sequence = 1000"),
              HasSubstr("record 4 was changed"));
}

TEST_F(AuditChainTest, ACutOffEndIsFound) {  // S127
  EXPECT_THAT(finding_after("DELETE FROM audit WHERE sequence > 8"),
              HasSubstr("the log ends after record 8, its head says 10"));
}

TEST_F(AuditChainTest, ACutOffEndIsFoundEvenWhenTheHeadWasMovedWithIt) {  // S127
  EXPECT_THAT(finding_after("DELETE FROM audit WHERE sequence > 8; UPDATE audit_head SET sequence ="
                            " 8, mac = (SELECT mac FROM audit WHERE sequence = 8)"),
              HasSubstr("the log ends after record 8, but had come to 10"));
  const auto appended = store_->append(event(AuditEventType::LoginDenied));
  ASSERT_FALSE(appended) << "nothing is chained to a head that isn't ours";
  EXPECT_THAT(refusal(), HasSubstr("the store is an old copy"));
}

TEST_F(AuditChainTest, AForgedEndIsFound) {  // S127
  forge_the_next_record();
  EXPECT_THAT(finding_after("SELECT 1"), HasSubstr("record 11 was added beyond the head"));
}

TEST_F(AuditChainTest, ACutOffBeginningIsFound) {  // S127
  EXPECT_THAT(finding_after("DELETE FROM audit WHERE sequence <= 3"),
              HasSubstr("record 1 is missing"));
  EXPECT_THAT(
      finding_after(
          "UPDATE audit_head SET floor_sequence = 3, floor_mac = zeroblob(32), floor_key = 1"),
      HasSubstr("cut at its beginning"));
}

TEST_F(AuditChainTest, ABeginningThatRetentionCutCannotBeMovedOn) {  // S127
  ASSERT_EQ(*store_->purge(kNow + kAuditLifetime + 3 * 24h + 1ms, 100), 3);
  EXPECT_THAT(finding_after("SELECT 1"), IsEmpty());
  EXPECT_THAT(finding_after("UPDATE audit_head SET floor_sequence = 5,"
                            " floor_mac = (SELECT mac FROM audit WHERE sequence = 5);"
                            "DELETE FROM audit WHERE sequence <= 5"),
              HasSubstr("cut at its beginning, after record 5"));
}

TEST_F(AuditChainTest, ALongLogIsVerifiedWhileItGrows) {
  // More than the thousand that are checked at once.
  race(16, [&](int) {
    for (int n = 0; n < 80; ++n) ASSERT_TRUE(store_->append(event(AuditEventType::LoginDenied)));
  });
  std::jthread appending([&](const std::stop_token& stop) {
    for (int n = 0; n < 1000 && !stop.stop_requested(); ++n) {
      (void)store_->append(event(AuditEventType::LoginDenied));
    }
  });
  for (int n = 0; n < 3; ++n) EXPECT_EQ(store_->verify()->finding, "");
}

TEST_F(AuditChainTest, ALongLogIsReviewedInParts) {  // S127
  race(16, [&](int) {
    for (int n = 0; n < 80; ++n) ASSERT_TRUE(store_->append(event(AuditEventType::LoginDenied)));
  });
  AuditReview review;
  int parts = 0;
  while (review.state != AuditReview::State::Ended) {
    review = *store_->review_on(review);
    ++parts;
    EXPECT_LE(review.result.records, 1000U * static_cast<unsigned>(parts));
  }
  EXPECT_GE(parts, 3) << "the end, a thousand records, the rest";
  EXPECT_EQ(review.result.finding, "");
  EXPECT_EQ(review.result.records, store_->verify()->records);
}

TEST_F(AuditChainTest, AReviewGoesOnWhereRetentionHasCutMeanwhile) {  // S127
  auto review = *store_->review_on({});
  ASSERT_EQ(*store_->purge(kNow + kAuditLifetime + 3 * 24h + 1ms, 100), 3);
  while (review.state != AuditReview::State::Ended) review = *store_->review_on(review);
  EXPECT_EQ(review.result.finding, "");
}

TEST_F(AuditChainTest, TheChainGoesOnUnderANewKey) {  // S118
  keys_.rotate();
  ASSERT_TRUE(store_->append(event(AuditEventType::KeyRotated)));
  EXPECT_THAT(finding_after("SELECT 1"), IsEmpty());
  keys_.lose(1);
  EXPECT_THAT(store_->verify()->finding, HasSubstr("record 1 can't be checked"));
}

TEST_F(AuditChainTest, AChangeThatCannotBeRecordedDoesNotHappen) {  // S127
  enroll(*store_, 1);
  const auto recovery = store_->replace_recovery_codes(
      recovery_method(2), {code_digest(1)}, event(AuditEventType::RecoveryCodesMade));
  ASSERT_TRUE(recovery);
  auto another = unconfirmed(totp_method(3));
  ASSERT_TRUE(
      store_->add_otp_method(another, kMethodLimits, event(AuditEventType::EnrollmentStarted)));
  const auto asked = store_->open_conversation(conversation(50), kConversationLimits)->stored;
  Conversation failed = asked;
  failed.nonce = nonce(51);
  const AttemptChange failure{
      .budget = Budget::ShortCode, .place = {}, .next = with_failure({}, kNow)};
  ASSERT_TRUE(store_->count_attempt(failed, asked.nonce, alice(), failure));
  forge_the_next_record();
  const auto before = methods();
  const auto e = event(AuditEventType::MethodEnrolled);

  EXPECT_FALSE(store_->append(e));
  EXPECT_FALSE(store_->add_otp_method(totp_method(9), kMethodLimits, e));
  EXPECT_FALSE(store_->confirm_otp_method(method_id(3), 1, kNow, e));
  EXPECT_FALSE(store_->resynchronize(method_id(1), 1, 50, e));
  EXPECT_FALSE(store_->rename_method(method_id(1), "renamed", e));
  EXPECT_FALSE(store_->remove_method(method_id(1), e));
  EXPECT_FALSE(store_->remove_methods_of("alice", e));
  EXPECT_FALSE(store_->replace_recovery_codes(recovery_method(8), {code_digest(4)}, e));
  EXPECT_FALSE(store_->forget_attempts("alice", e));
  EXPECT_FALSE(store_->set_policy(LoginPolicy::AllApplications, e));
  EXPECT_FALSE(store_->set_factor(Factor::Otp, true, e));
  EXPECT_THROW(log_in(*store_, 60), std::runtime_error);

  EXPECT_EQ(store_->conversation(nonce(60))->value().phase, Phase::Asking);
  EXPECT_FALSE(*store_->known_place(alice(), {place(1)}, WallTime{}));
  EXPECT_EQ(store_->settings()->policy, LoginPolicy::None);
  EXPECT_TRUE(store_->settings()->enabled.empty());
  EXPECT_EQ((**store_->recovery_set(alice())).method, method_id(2));
  EXPECT_EQ(methods(), before);
}

}  // namespace
}  // namespace twinlock
