// SPDX-License-Identifier: MIT
#include <atomic>

#include "tests/conformance/store_under_test.h"

namespace twinlock {
namespace {

using Outcome = OpenedConversation::Outcome;

TEST_P(StoreConformance, AConversationComesBackAsItWasOpened) {
  auto opened = conversation(1);
  opened.purpose = Purpose::Proof;
  opened.vantage = Vantage::OwnSession;
  open(opened);
  const auto found = stored(opened.id);
  EXPECT_EQ(found.nonce, opened.nonce);
  EXPECT_EQ(found.purpose, Purpose::Proof);
  EXPECT_EQ(found.subject, opened.subject);
  EXPECT_EQ(found.requested_user, "Alice");
  ASSERT_TRUE(found.account);
  EXPECT_EQ(found.account->name, "alice");
  EXPECT_EQ(found.account->uid, 1000U);
  EXPECT_EQ(found.service, "sshd");
  EXPECT_EQ(found.source, "192.0.2.1");
  EXPECT_EQ(found.vantage, Vantage::OwnSession);
  EXPECT_EQ(found.started.wall, opened.started.wall);
  EXPECT_EQ(found.started.since_boot, opened.started.since_boot);
  EXPECT_EQ(found.touched.wall, opened.touched.wall);
  EXPECT_EQ(found.phase, Phase::Asking);
  EXPECT_EQ(found.answers, 0);
  EXPECT_FALSE(found.satisfied_by);
}

TEST_P(StoreConformance, AConversationOfNobodyComesBackWithoutAnAccount) {
  auto nobody = conversation(1);
  nobody.account.reset();
  nobody.requested_user.clear();
  open(nobody);
  EXPECT_FALSE(stored(nobody.id).account);
  EXPECT_EQ(stored(nobody.id).requested_user, "");
}

TEST_P(StoreConformance, AnUnknownConversationIsNotThere) {
  const auto found = store().conversation(nonce(404));
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
  const auto claim = store().advance_conversation(answered(conversation(404), 1), nonce(404));
  ASSERT_TRUE(claim);
  EXPECT_EQ(*claim, Claim::Lost);
}

TEST_P(StoreConformance, ABeginSentTwiceFindsTheConversationOfTheFirst) {
  const auto first = open(conversation(1));
  ASSERT_TRUE(store().advance_conversation(answered(first, 7), first.nonce));
  const auto repeated = store().open_conversation(conversation(1), kConversationLimits);
  ASSERT_TRUE(repeated);
  EXPECT_EQ(repeated->outcome, Outcome::Repeated);
  EXPECT_EQ(repeated->stored.nonce, nonce(7));
  EXPECT_EQ(repeated->stored.answers, 1);
}

TEST_P(StoreConformance, OfManyRacingBeginsWithOneIdOneOpens) {  // S41
  std::atomic<int> opened{0};
  race(16, [&](int) {
    const auto one = store().open_conversation(conversation(1), kConversationLimits);
    if (one && one->outcome == Outcome::Opened) ++opened;
  });
  EXPECT_EQ(opened, 1);
}

TEST_P(StoreConformance, TheOldestLiveConversationGivesWay) {
  for (int n = 1; n <= 7; ++n) {
    const auto opened = store().open_conversation(conversation(n), kConversationLimits);
    ASSERT_TRUE(opened);
    std::vector<ConversationId> gave_way;
    for (const auto& each : opened->superseded) gave_way.push_back(each.id);
    const auto expected = n > 5 ? std::vector{nonce(n - 5)} : std::vector<Nonce>{};
    EXPECT_EQ(gave_way, expected) << n;
  }
  for (const int n : {1, 2}) {
    EXPECT_EQ(stored(nonce(n)).phase, Phase::Denied) << n;
    EXPECT_EQ(stored(nonce(n)).reason, Reason::Superseded) << n;
  }
  for (const int n : {3, 4, 5, 6, 7}) EXPECT_EQ(stored(nonce(n)).phase, Phase::Asking) << n;
}

TEST_P(StoreConformance, AnEndedConversationIsNotALiveOne) {
  for (int n = 1; n <= 5; ++n) open(conversation(n));
  auto ended = answered(conversation(3), 33);
  ended.phase = Phase::Denied;
  ended.reason = Reason::Cancelled;
  ASSERT_EQ(*store().advance_conversation(ended, nonce(3)), Claim::Won);
  open(conversation(6));
  EXPECT_EQ(stored(nonce(1)).phase, Phase::Asking);
  EXPECT_EQ(stored(nonce(3)).reason, Reason::Cancelled);
}

TEST_P(StoreConformance, ConversationsOfOtherSubjectsDoNotGiveWay) {
  auto other = conversation(100);
  other.subject[5] = 0x77;
  open(other);
  for (int n = 1; n <= 6; ++n) open(conversation(n));
  EXPECT_EQ(stored(other.id).phase, Phase::Asking);
}

TEST_P(StoreConformance, RacingBeginsLeaveNoMoreThanTheLimitAlive) {
  race(16, [&](int n) { (void)store().open_conversation(conversation(n), kConversationLimits); });
  int alive = 0;
  for (int n = 0; n < 16; ++n) alive += stored(nonce(n)).phase == Phase::Asking ? 1 : 0;
  EXPECT_EQ(alive, kConversationLimits.live);
}

TEST_P(StoreConformance, TheTwentyFirstConversationOfAnHourIsTooMany) {
  for (int n = 1; n <= 20; ++n) open(conversation(n));
  const auto more = store().open_conversation(conversation(21), kConversationLimits);
  ASSERT_TRUE(more);
  EXPECT_EQ(more->outcome, Outcome::TooMany);
  EXPECT_FALSE(*store().conversation(nonce(21)));
  EXPECT_EQ(stored(nonce(20)).phase, Phase::Asking) << "nothing was written";
}

TEST_P(StoreConformance, ConversationsOfTheHourBeforeAreNotCounted) {
  for (int n = 1; n <= 20; ++n) open(conversation(n));
  auto later = conversation(21);
  later.started.wall += 1h;
  EXPECT_EQ(store().open_conversation(later, kConversationLimits)->outcome, Outcome::Opened);
}

TEST_P(StoreConformance, GrantedAndExemptConversationsAreNotCounted) {
  add(totp_method(1));
  for (int n = 1; n <= 20; ++n) {
    auto one = conversation(n);
    if (n % 2 == 0) one.phase = Phase::Exempt;
    open(one);
    if (n % 2 != 0) {
      ASSERT_EQ(*store().grant(otp_grant(one, method_id(1), n)), GrantOutcome::Granted);
    }
  }
  EXPECT_EQ(store().open_conversation(conversation(21), kConversationLimits)->outcome,
            Outcome::Opened);
}

TEST_P(StoreConformance, RacingBeginsDoNotPassTheHourlyLimit) {
  std::atomic<int> opened{0};
  race(40, [&](int n) {
    const auto one = store().open_conversation(conversation(n), kConversationLimits);
    if (one && one->outcome == Outcome::Opened) ++opened;
  });
  EXPECT_EQ(opened, kConversationLimits.per_hour);
}

TEST_P(StoreConformance, OnlyTheExpectedNonceAdvances) {
  const auto opened = open(conversation(1));
  EXPECT_EQ(*store().advance_conversation(answered(opened, 2), nonce(99)), Claim::Lost);
  EXPECT_EQ(stored(opened.id).answers, 0);
  EXPECT_EQ(*store().advance_conversation(answered(opened, 2), opened.nonce), Claim::Won);
  const auto found = stored(opened.id);
  EXPECT_EQ(found.nonce, nonce(2));
  EXPECT_EQ(found.answers, 1);
  EXPECT_EQ(found.reason, Reason::WrongCode);
  EXPECT_EQ(found.touched.wall, kNow + 1s);
  EXPECT_EQ(found.touched.since_boot, 1h + 1s);
}

TEST_P(StoreConformance, OfManyRacingAnswersOneAdvances) {
  const auto opened = open(conversation(1));
  std::atomic<int> winners{0};
  race(16, [&](int n) {
    const auto claim = store().advance_conversation(answered(opened, 100 + n), opened.nonce);
    if (claim && *claim == Claim::Won) ++winners;
  });
  EXPECT_EQ(winners, 1);
}

TEST_P(StoreConformance, AnEndedConversationAdvancesNoMore) {
  for (const auto phase :
       {Phase::Granted, Phase::Exempt, Phase::Denied, Phase::Exhausted, Phase::Unavailable}) {
    auto opened = conversation(static_cast<int>(phase));
    open(opened);
    auto ended = answered(opened, 50);
    ended.phase = phase;
    ASSERT_EQ(*store().advance_conversation(ended, opened.nonce), Claim::Won);
    EXPECT_EQ(stored(opened.id).phase, phase);
    EXPECT_EQ(*store().advance_conversation(answered(ended, 51), ended.nonce), Claim::Lost);
    EXPECT_EQ(stored(opened.id).nonce, nonce(50));
  }
}

TEST_P(StoreConformance, ThoseThatNobodyAnsweredAreFoundOldestFirst) {  // S126
  const auto first = open(conversation(1));
  const auto second = open(conversation(2));
  const auto ended = open(conversation(3));
  auto over = answered(ended, 50);
  over.phase = Phase::Denied;
  ASSERT_EQ(*store().advance_conversation(over, ended.nonce), Claim::Won);
  const auto late = first.started.wall + 1ms;
  EXPECT_TRUE(store().asking_since_before(first.started.wall, 10)->empty());
  const auto found = store().asking_since_before(late, 10);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(found->front().id, first.id);
  EXPECT_EQ(found->back().id, second.id);
  EXPECT_EQ(found->back().service, second.service);
  EXPECT_EQ(store().asking_since_before(late, 1)->size(), 1U);
}

}  // namespace
}  // namespace twinlock
