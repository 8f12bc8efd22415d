// SPDX-License-Identifier: MIT
#include <atomic>
#include <vector>

#include "tests/conformance/store_under_test.h"

namespace twinlock {
namespace {

AttemptChange one_more(const Attempts& present, WallTime when, Budget budget = Budget::ShortCode) {
  return {.budget = budget, .place = {}, .next = with_failure(present, when)};
}

TEST_P(StoreConformance, AttemptsStartAtNothing) {
  const auto none = attempts();
  EXPECT_EQ(none.version, 0);
  EXPECT_EQ(none.consecutive, 0);
  EXPECT_TRUE(none.failures.empty());
}

TEST_P(StoreConformance, ACountedAttemptComesBackWithTheNextVersion) {  // S88
  const auto opened = open(conversation(1));
  const auto next = answered(opened, 2);
  ASSERT_EQ(*store().count_attempt(next, opened.nonce, alice(), one_more({}, kNow)),
            AttemptClaim::Counted);
  const auto counted = attempts();
  EXPECT_EQ(counted.version, 1);
  EXPECT_EQ(counted.consecutive, 1);
  EXPECT_EQ(counted.failures, std::vector<WallTime>{kNow});
  EXPECT_EQ(stored(opened.id).nonce, nonce(2));
  EXPECT_EQ(stored(opened.id).answers, 1);
}

TEST_P(StoreConformance, AFullDayOfFailuresComesBack) {
  Attempts many;
  for (int n = 0; n < 30; ++n) {
    const auto opened = conversation(n);
    auto lonely = opened;
    lonely.subject[3] = static_cast<std::uint8_t>(n);
    open(lonely);
    const auto change = one_more(many, kNow + n * 1ms);
    ASSERT_EQ(*store().count_attempt(answered(lonely, 500), lonely.nonce, alice(), change),
              AttemptClaim::Counted);
    many = change.next;
    ++many.version;
  }
  EXPECT_EQ(attempts().failures, many.failures);
  EXPECT_EQ(attempts().failures.size(), 30U);
  EXPECT_EQ(attempts().consecutive, 30);
}

TEST_P(StoreConformance, BudgetsPlacesAndAccountsAreCountedApart) {  // S89, S37
  const auto count = [this](int number, const Account& account, Budget budget, int where) {
    const auto opened = open(conversation(number));
    AttemptChange change = one_more({}, kNow, budget);
    if (budget == Budget::Place) change.place = place(where);
    ASSERT_EQ(*store().count_attempt(answered(opened, 100 + number), opened.nonce, account, change),
              AttemptClaim::Counted);
  };
  count(1, alice(), Budget::ShortCode, 0);
  count(2, alice(), Budget::RecoveryCode, 0);
  count(3, alice(), Budget::Console, 0);
  count(4, alice(), Budget::Place, 1);
  count(5, alice(), Budget::Place, 2);
  count(6, {"alice", 2000}, Budget::ShortCode, 0);
  EXPECT_EQ(attempts(Budget::ShortCode).consecutive, 1);
  EXPECT_EQ(store().attempts(alice(), Budget::Place, place(2))->consecutive, 1);
  EXPECT_EQ(store().attempts(alice(), Budget::Place, place(3))->version, 0);
}

TEST_P(StoreConformance, AnAttemptFromAnOldVersionIsNotCounted) {
  const auto first = open(conversation(1));
  const auto second = open(conversation(2));
  ASSERT_EQ(*store().count_attempt(answered(first, 11), first.nonce, alice(), one_more({}, kNow)),
            AttemptClaim::Counted);
  EXPECT_EQ(*store().count_attempt(answered(second, 12), second.nonce, alice(), one_more({}, kNow)),
            AttemptClaim::AttemptsMoved);
  EXPECT_EQ(attempts().version, 1);
  EXPECT_EQ(stored(second.id).nonce, second.nonce) << "the conversation stays where it was";
  EXPECT_EQ(stored(second.id).answers, 0);
}

TEST_P(StoreConformance, AnAttemptInAConversationThatMovedIsNotCounted) {
  const auto opened = open(conversation(1));
  EXPECT_EQ(*store().count_attempt(answered(opened, 2), nonce(99), alice(), one_more({}, kNow)),
            AttemptClaim::ConversationMoved);
  EXPECT_EQ(attempts().version, 0);
}

TEST_P(StoreConformance, OfTwoHundredParallelAttemptsNoneIsLost) {  // S88
  constexpr int kAttempts = 200;
  for (int n = 0; n < kAttempts; ++n) {
    auto opened = conversation(n);
    opened.subject[4] = static_cast<std::uint8_t>(n);
    open(opened);
  }
  std::atomic<int> counted{0};
  race(20, [&](int racer) {
    for (int n = racer; n < kAttempts; n += 20) {
      const auto present = conversation(n);
      while (true) {
        const auto claim = store().count_attempt(
            answered(present, 1000 + n),
            present.nonce,
            alice(),
            one_more(*store().attempts(alice(), Budget::ShortCode, {}), kNow));
        ASSERT_TRUE(claim);
        if (*claim == AttemptClaim::AttemptsMoved) continue;
        if (*claim == AttemptClaim::Counted) ++counted;
        break;
      }
    }
  });
  EXPECT_EQ(counted, kAttempts);
  EXPECT_EQ(attempts().consecutive, kAttempts);
  EXPECT_EQ(attempts().version, kAttempts);
}

TEST_P(StoreConformance, NewerConversationsTakeNoGrantFromACodeThatIsBeingLookedAt) {
  add(totp_method(1));
  const auto opened = open(conversation(1));
  const auto next = answered(opened, 2);
  ASSERT_EQ(*store().count_attempt(next, opened.nonce, alice(), one_more({}, kNow)),
            AttemptClaim::Counted);
  for (int n = 10; n < 10 + kConversationLimits.live; ++n) open(conversation(n));
  ASSERT_EQ(stored(opened.id).reason, Reason::Superseded);

  EXPECT_EQ(*store().grant(otp_grant(next, method_id(1), 42)), GrantOutcome::Granted);
  EXPECT_EQ(stored(opened.id).phase, Phase::Granted);
}

TEST_P(StoreConformance, AGrantWritesEverythingThatItMeans) {
  add(totp_method(1));
  const auto before = records();
  const auto opened = open(conversation(1));
  const auto next = answered(opened, 2);
  ASSERT_EQ(*store().count_attempt(next, opened.nonce, alice(), one_more({}, kNow)),
            AttemptClaim::Counted);

  auto grant = otp_grant(next, method_id(1), 42);
  grant.attempts = {
      {.budget = Budget::ShortCode, .place = {}, .next = with_success(attempts(), kNow)}};
  grant.place = place(1);
  ASSERT_EQ(*store().grant(grant), GrantOutcome::Granted);

  EXPECT_EQ(stored(opened.id).phase, Phase::Granted);
  EXPECT_EQ(stored(opened.id).reason, Reason::RightCode);
  EXPECT_EQ(stored(opened.id).satisfied_by, MethodType::Totp);
  EXPECT_EQ(last_used(method_id(1)), 42);
  EXPECT_EQ(store().methods_of("alice")->front().last_used, kNow + 2s);
  EXPECT_EQ(attempts().consecutive, 0);
  EXPECT_TRUE(attempts().failures.empty());
  EXPECT_EQ(attempts().version, 2);
  EXPECT_EQ(*store().known_place(alice(), {place(1)}, kNow), place(1));
  EXPECT_EQ(records(), before + 1);
}

TEST_P(StoreConformance, AStepIsGrantedOnceAndNoneBeforeIt) {  // S87
  add(totp_method(1));
  ASSERT_EQ(*store().grant(otp_grant(open(conversation(1)), method_id(1), 42)),
            GrantOutcome::Granted);
  const auto before = records();
  for (const MovingFactor spent : {42, 41, 0}) {
    const auto opened = open(conversation(100 + static_cast<int>(spent)));
    auto grant = otp_grant(opened, method_id(1), spent);
    grant.attempts = {one_more({}, kNow)};
    grant.place = place(1);
    EXPECT_EQ(*store().grant(grant), GrantOutcome::Spent) << spent;
    EXPECT_EQ(stored(opened.id).phase, Phase::Asking) << "nothing was written";
  }
  EXPECT_EQ(attempts().version, 0);
  EXPECT_FALSE(*store().known_place(alice(), {place(1)}, kNow - 24h));
  EXPECT_EQ(records(), before);
  EXPECT_EQ(last_used(method_id(1)), 42);
  EXPECT_EQ(*store().grant(otp_grant(open(conversation(2)), method_id(1), 43)),
            GrantOutcome::Granted);
}

TEST_P(StoreConformance, OfManyRacingLoginsOneClaimsTheStep) {  // S87
  add(totp_method(1));
  for (int n = 0; n < 16; ++n) {
    auto opened = conversation(n);
    opened.subject[4] = static_cast<std::uint8_t>(n);
    open(opened);
  }
  std::atomic<int> granted{0};
  std::atomic<int> spent{0};
  race(16, [&](int n) {
    const auto outcome = store().grant(otp_grant(conversation(n), method_id(1), 42));
    if (outcome && *outcome == GrantOutcome::Granted) ++granted;
    if (outcome && *outcome == GrantOutcome::Spent) ++spent;
  });
  EXPECT_EQ(granted, 1);
  EXPECT_EQ(spent, 15);
  int phases = 0;
  for (int n = 0; n < 16; ++n) phases += stored(nonce(n)).phase == Phase::Granted ? 1 : 0;
  EXPECT_EQ(phases, 1);
}

TEST_P(StoreConformance, OneConversationIsGrantedOnce) {
  add(totp_method(1));
  const auto opened = open(conversation(1));
  std::atomic<int> granted{0};
  race(16, [&](int n) {
    const auto outcome = store().grant(otp_grant(opened, method_id(1), 100 + n));
    if (outcome && *outcome == GrantOutcome::Granted) ++granted;
  });
  EXPECT_EQ(granted, 1);
}

TEST_P(StoreConformance, AConversationWithAnotherNonceIsNotGranted) {
  add(totp_method(1));
  auto grant = otp_grant(open(conversation(1)), method_id(1), 42);
  grant.expected = nonce(99);
  EXPECT_EQ(*store().grant(grant), GrantOutcome::ConversationMoved);
  EXPECT_EQ(last_used(method_id(1)), -1);
}

TEST_P(StoreConformance, TheThirdAttemptMayStillBeRight) {
  add(totp_method(1));
  const auto opened = open(conversation(1));
  auto third = answered(opened, 2);
  third.phase = Phase::Exhausted;
  ASSERT_EQ(*store().count_attempt(third, opened.nonce, alice(), one_more({}, kNow)),
            AttemptClaim::Counted);
  EXPECT_EQ(*store().grant(otp_grant(third, method_id(1), 42)), GrantOutcome::Granted);
  EXPECT_EQ(stored(opened.id).phase, Phase::Granted);
}

TEST_P(StoreConformance, AConversationThatEndedOtherwiseIsNotGranted) {
  add(totp_method(1));
  for (const auto phase : {Phase::Granted, Phase::Exempt, Phase::Denied, Phase::Unavailable}) {
    auto opened = conversation(static_cast<int>(phase));
    open(opened);
    auto ended = answered(opened, 60);
    ended.phase = phase;
    ASSERT_EQ(*store().advance_conversation(ended, opened.nonce), Claim::Won);
    EXPECT_EQ(*store().grant(otp_grant(ended, method_id(1), 42)), GrantOutcome::ConversationMoved);
    EXPECT_EQ(stored(opened.id).phase, phase);
  }
}

TEST_P(StoreConformance, AGrantFromOldAttemptsWritesNothing) {
  add(totp_method(1));
  const auto opened = open(conversation(1));
  const auto next = answered(opened, 2);
  ASSERT_EQ(*store().count_attempt(next, opened.nonce, alice(), one_more({}, kNow)),
            AttemptClaim::Counted);
  auto grant = otp_grant(next, method_id(1), 42);
  grant.attempts = {one_more({}, kNow, Budget::Console), one_more({}, kNow)};
  EXPECT_EQ(*store().grant(grant), GrantOutcome::AttemptsMoved);
  EXPECT_EQ(last_used(method_id(1)), -1);
  EXPECT_EQ(attempts(Budget::Console).version, 0);
  EXPECT_EQ(stored(opened.id).phase, Phase::Asking);
}

TEST_P(StoreConformance, OnlyAConfirmedMethodOfTheSameUserGrants) {  // S37, S49
  add(unconfirmed(totp_method(1)));
  add(totp_method(2, {"alice", 2000}));
  add(totp_method(3, {"bob", 1000}));
  const auto opened = open(conversation(1));
  for (const int n : {1, 2, 3, 404}) {
    EXPECT_EQ(*store().grant(otp_grant(opened, method_id(n), 42)), GrantOutcome::Spent) << n;
  }
  EXPECT_EQ(stored(opened.id).phase, Phase::Asking);
}

TEST_P(StoreConformance, AGrantToNobodyIsAnError) {
  auto nobody = conversation(1);
  nobody.account.reset();
  open(nobody);
  EXPECT_FALSE(store().grant(otp_grant(nobody, method_id(1), 42)));
  EXPECT_EQ(stored(nobody.id).phase, Phase::Asking);
}

TEST_P(StoreConformance, ARecoveryCodeIsSpentOnce) {  // S105
  ASSERT_TRUE(store().replace_recovery_codes(recovery_method(1),
                                             {code_digest(1), code_digest(2)},
                                             event(AuditEventType::RecoveryCodesMade)));
  auto grant = otp_grant(open(conversation(1)), method_id(1), 0);
  grant.use = RecoveryCodeUse{.method = method_id(1), .digest = code_digest(1)};
  ASSERT_EQ(*store().grant(grant), GrantOutcome::Granted);
  EXPECT_EQ((**store().recovery_set(alice())).left, 1);
  EXPECT_EQ(store().methods_of("alice")->front().last_used, kNow + 2s);

  auto again = otp_grant(open(conversation(2)), method_id(1), 0);
  again.use = grant.use;
  EXPECT_EQ(*store().grant(again), GrantOutcome::Spent);
  again.use = RecoveryCodeUse{.method = method_id(1), .digest = code_digest(3)};
  EXPECT_EQ(*store().grant(again), GrantOutcome::Spent) << "there is no such code";
  again.use = RecoveryCodeUse{.method = method_id(1), .digest = code_digest(2, 9)};
  EXPECT_EQ(*store().grant(again), GrantOutcome::Spent) << "of another key";
  again.use = OtpUse{.method = method_id(1), .factor = 5};
  EXPECT_EQ(*store().grant(again), GrantOutcome::Spent) << "a set of codes has no factor";
  EXPECT_EQ((**store().recovery_set(alice())).left, 1);
}

TEST_P(StoreConformance, OfManyRacingLoginsOneSpendsTheRecoveryCode) {  // S105
  ASSERT_TRUE(store().replace_recovery_codes(
      recovery_method(1), {code_digest(1)}, event(AuditEventType::RecoveryCodesMade)));
  for (int n = 0; n < 16; ++n) {
    auto opened = conversation(n);
    opened.subject[4] = static_cast<std::uint8_t>(n);
    open(opened);
  }
  std::atomic<int> granted{0};
  race(16, [&](int n) {
    auto grant = otp_grant(conversation(n), method_id(1), 0);
    grant.use = RecoveryCodeUse{.method = method_id(1), .digest = code_digest(1)};
    const auto outcome = store().grant(grant);
    if (outcome && *outcome == GrantOutcome::Granted) ++granted;
  });
  EXPECT_EQ(granted, 1);
}

TEST_P(StoreConformance, PlacesAreKnownByAccountAndAge) {
  add(totp_method(1));
  auto grant = otp_grant(open(conversation(1)), method_id(1), 42);
  grant.place = place(1);
  ASSERT_EQ(*store().grant(grant), GrantOutcome::Granted);
  const auto seen = kNow + 2s;
  EXPECT_EQ(*store().known_place(alice(), {place(9), place(1)}, seen), place(1));
  EXPECT_FALSE(*store().known_place(alice(), {place(1)}, seen + 1ms));
  EXPECT_FALSE(*store().known_place(alice(), {place(2)}, kNow));
  EXPECT_FALSE(*store().known_place({"alice", 2000}, {place(1)}, kNow));
  EXPECT_FALSE(*store().known_place(alice(), {}, kNow));
}

TEST_P(StoreConformance, TheNewestSixteenPlacesAreKept) {
  add(totp_method(1));
  const auto log_in = [this](int step, int where) {
    auto opened = conversation(step);
    opened.subject[4] = static_cast<std::uint8_t>(step);
    open(opened);
    auto grant = otp_grant(opened, method_id(1), step);
    grant.conversation.touched.wall = kNow + step * 1s;
    grant.place = place(where);
    ASSERT_EQ(*store().grant(grant), GrantOutcome::Granted);
  };
  for (int n = 1; n <= kKnownPlaces; ++n) log_in(n, n);
  log_in(17, 1);   // seen again: now the newest
  log_in(18, 18);  // one too many: 2 is the oldest by now
  EXPECT_TRUE(*store().known_place(alice(), {place(1)}, kNow));
  EXPECT_TRUE(*store().known_place(alice(), {place(18)}, kNow));
  EXPECT_TRUE(*store().known_place(alice(), {place(3)}, kNow));
  EXPECT_FALSE(*store().known_place(alice(), {place(2)}, kNow));
}

}  // namespace
}  // namespace twinlock
