// SPDX-License-Identifier: MIT
#include <atomic>

#include "tests/conformance/store_under_test.h"

namespace twinlock {
namespace {

const AuditEvent kEvent = event(AuditEventType::MethodEnrolled);

TEST_P(StoreConformance, ADocketHasTheConversationAndAllThatAShortCodeIsJudgedBy) {
  ASSERT_TRUE(store().set_policy(LoginPolicy::AllApplications, kEvent));
  ASSERT_TRUE(store().set_factor(Factor::Otp, true, kEvent));
  add(totp_method(1));
  const auto first = open(conversation(1));
  ASSERT_EQ(*store().count_attempt(answered(first, 11),
                                   first.nonce,
                                   alice(),
                                   {Budget::ShortCode, {}, with_failure({}, kNow)}),
            AttemptClaim::Counted);
  ASSERT_TRUE(store().raise_latest_time(kNow + 5min));
  const auto opened = open(conversation(2));

  const auto found = store().docket(opened.id, opened.nonce, Budget::ShortCode);
  ASSERT_TRUE(found && *found);
  const auto& docket = **found;
  EXPECT_EQ(docket.conversation.id, opened.id);
  EXPECT_EQ(docket.conversation.subject, opened.subject);
  ASSERT_TRUE(docket.standing);
  EXPECT_EQ(docket.standing->settings.policy, LoginPolicy::AllApplications);
  EXPECT_EQ(docket.standing->settings.enabled, std::vector{Factor::Otp});
  EXPECT_EQ(docket.standing->attempts.version, 1);
  EXPECT_EQ(docket.standing->attempts.failures, std::vector<WallTime>{kNow});
  EXPECT_EQ(docket.standing->latest_time, kNow + 5min);
  ASSERT_EQ(docket.standing->otp.size(), 1U);
  EXPECT_EQ(docket.standing->otp.front().id, method_id(1));
  EXPECT_EQ(docket.standing->otp.front().seed.text(), "12345678901234567890");
}

TEST_P(StoreConformance, ADocketOfARecoveryCodeHasItsSetAndItsBudgetAndOpensNoSeed) {
  add(totp_method(1));
  ASSERT_TRUE(store().replace_recovery_codes(recovery_method(2), {code_digest(1)}, kEvent));
  const auto opened = open(conversation(1));
  ASSERT_EQ(*store().count_attempt(answered(opened, 11),
                                   opened.nonce,
                                   alice(),
                                   {Budget::RecoveryCode, {}, with_failure({}, kNow)}),
            AttemptClaim::Counted);

  const auto found = store().docket(opened.id, nonce(11), Budget::RecoveryCode);
  ASSERT_TRUE(found && *found && (*found)->standing);
  const auto& standing = *(*found)->standing;
  ASSERT_TRUE(standing.recovery);
  EXPECT_EQ(standing.recovery->method, method_id(2));
  EXPECT_EQ(standing.recovery->left, 1);
  EXPECT_EQ(standing.attempts.consecutive, 1);
  EXPECT_TRUE(standing.otp.empty());
  EXPECT_EQ((*store().docket(opened.id, nonce(11), Budget::ShortCode))->standing->attempts.version,
            0)
      << "each budget has attempts of its own";
}

TEST_P(StoreConformance, ADocketHasOnlyConfirmedCredentialsOfTheSameUser) {  // S37, S49
  add(totp_method(1));
  add(unconfirmed(totp_method(2)));
  add(totp_method(3, {"alice", 2000}));
  add(totp_method(4, {"bob", 1000}));
  ASSERT_TRUE(store().replace_recovery_codes(
      recovery_method(5, {"alice", 2000}), {code_digest(1)}, kEvent));
  const auto opened = open(conversation(1));
  const auto found = store().docket(opened.id, opened.nonce, Budget::ShortCode);
  ASSERT_EQ((*found)->standing->otp.size(), 1U);
  EXPECT_EQ((*found)->standing->otp.front().id, method_id(1));
  EXPECT_FALSE(
      (*store().docket(opened.id, opened.nonce, Budget::RecoveryCode))->standing->recovery);
}

TEST_P(StoreConformance, OnlyAConversationThatCanBeAnsweredHasAStanding) {
  add(totp_method(1));
  const auto standing = [this](const Conversation& stored, const Nonce& expected) {
    const auto found = store().docket(stored.id, expected, Budget::ShortCode);
    EXPECT_TRUE(found && *found);
    return (*found)->standing.has_value();
  };
  const auto opened = open(conversation(1));
  EXPECT_TRUE(standing(opened, opened.nonce));
  EXPECT_FALSE(standing(opened, nonce(99))) << "an answer to another step";

  auto nobodys = conversation(2);
  nobodys.account.reset();
  EXPECT_FALSE(standing(open(nobodys), nobodys.nonce));

  auto ended = opened;
  ended.phase = Phase::Denied;
  ASSERT_EQ(*store().advance_conversation(ended, opened.nonce), Claim::Won);
  EXPECT_FALSE(standing(ended, ended.nonce));

  const auto unknown = store().docket(nonce(404), nonce(404), Budget::ShortCode);
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(*unknown);
}

TEST_P(StoreConformance, ADocketIsOfOneMoment) {  // S88
  // Counting an attempt moves the conversation and the attempts together: a docket in which the
  // conversation has not moved must not have the attempts of afterwards.
  constexpr int kRounds = 50;
  std::atomic<int> torn{0};
  for (int n = 0; n < kRounds; ++n) {
    auto lonely = conversation(n);
    lonely.subject[4] = static_cast<std::uint8_t>(n);
    open(lonely);
    const AttemptChange change{Budget::ShortCode, {}, with_failure(attempts(), kNow)};
    race(4, [&](int racer) {
      if (racer == 0) {
        EXPECT_EQ(*store().count_attempt(answered(lonely, 1000 + n), lonely.nonce, alice(), change),
                  AttemptClaim::Counted);
        return;
      }
      const auto found = store().docket(lonely.id, lonely.nonce, Budget::ShortCode);
      const auto& standing = (*found)->standing;
      if (standing && standing->attempts.version != n) ++torn;
    });
  }
  EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace twinlock
