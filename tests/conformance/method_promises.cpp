// SPDX-License-Identifier: MIT
#include <atomic>

#include "tests/conformance/store_under_test.h"

namespace twinlock {

TEST_P(StoreConformance, WithAMethodItsOwnersConversationsEnd) {  // S83
  add(totp_method(1));
  open(conversation(1));
  ASSERT_EQ(*store().remove_method(method_id(1), event(AuditEventType::MethodRemoved)), Claim::Won);
  EXPECT_FALSE(*store().conversation(nonce(1)));
}

TEST_P(StoreConformance, AResetEndsConversations) {  // S83
  add(totp_method(1));
  open(conversation(1));
  ASSERT_EQ(*store().remove_methods_of("alice", event(AuditEventType::UserReset)), 1);
  EXPECT_FALSE(*store().conversation(nonce(1)));
}
namespace {

const AuditEvent kEvent = event(AuditEventType::MethodEnrolled);

TEST_P(StoreConformance, AnOtpMethodComesBackAsItWasAdded) {
  auto method = totp_method(1);
  method.method.weak = true;
  method.method.type = method.credential.type = MethodType::Hotp;
  method.credential.parameters = {.algorithm = HashAlgorithm::Sha512, .digits = 8, .period = 60s};
  method.credential.last_used = 7;
  method.credential.offset = -3;
  add(method);

  const auto found = store().otp_method(method_id(1));
  ASSERT_TRUE(found && *found);
  const auto& [stored, credential] = **found;
  EXPECT_EQ(stored.id, method_id(1));
  EXPECT_EQ(stored.owner.name, "alice");
  EXPECT_EQ(stored.owner.uid, 1000U);
  EXPECT_EQ(stored.type, MethodType::Hotp);
  EXPECT_EQ(stored.name, "Phone");
  EXPECT_EQ(stored.created, kNow - 1h);
  EXPECT_EQ(stored.confirmed, kNow);
  EXPECT_FALSE(stored.last_used);
  EXPECT_TRUE(stored.weak);
  EXPECT_EQ(credential.id, method_id(1));
  EXPECT_EQ(credential.type, MethodType::Hotp);
  EXPECT_EQ(credential.parameters.algorithm, HashAlgorithm::Sha512);
  EXPECT_EQ(credential.parameters.digits, 8);
  EXPECT_EQ(credential.parameters.period, 60s);
  EXPECT_EQ(credential.seed.text(), "12345678901234567890");
  EXPECT_EQ(credential.last_used, 7);
  EXPECT_EQ(credential.offset, -3);
}

TEST_P(StoreConformance, MethodsAreListedByNameOldestFirst) {
  const auto created = [](OtpMethod method, WallTime when) {
    method.method.created = when;
    return method;
  };
  add(created(totp_method(3), kNow - 3h));
  add(created(unconfirmed(totp_method(1, {"alice", 2000})), kNow - 1h));
  add(created(totp_method(2), kNow - 2h));
  add(totp_method(4, {"alicia", 1000}));
  const auto found = store().methods_of("alice");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 3U);
  EXPECT_EQ((*found)[0].id, method_id(3));
  EXPECT_EQ((*found)[1].id, method_id(2));
  EXPECT_EQ((*found)[2].id, method_id(1));
  EXPECT_EQ((*found)[2].owner.uid, 2000U);
  EXPECT_TRUE(store().methods_of("nobody")->empty());
}

TEST_P(StoreConformance, AnUnknownMethodIsNotThere) {
  ASSERT_TRUE(store().otp_method(method_id(404)));
  EXPECT_FALSE(*store().otp_method(method_id(404)));
  EXPECT_EQ(*store().confirm_otp_method(method_id(404), 1, kNow, kEvent), Claim::Lost);
  EXPECT_EQ(*store().resynchronize(method_id(404), 1, 1, kEvent), Claim::Lost);
  EXPECT_EQ(*store().rename_method(method_id(404), "x", kEvent), Claim::Lost);
  EXPECT_EQ(*store().remove_method(method_id(404), kEvent), Claim::Lost);
  EXPECT_FALSE(*store().recovery_set(alice()));
  EXPECT_EQ(records(), 0U) << "what did not happen is not recorded";
}

TEST_P(StoreConformance, AnIdIsTakenOnce) {
  add(totp_method(1));
  const auto again = store().add_otp_method(totp_method(1, {"bob", 1}), kMethodLimits, kEvent);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::Conflict);
  EXPECT_TRUE(store().methods_of("bob")->empty());
  EXPECT_EQ(records(), 1U);
}

TEST_P(StoreConformance, TheSixthMethodOfATypeIsTooMany) {
  for (int n = 1; n <= 5; ++n) add(totp_method(n));
  EXPECT_EQ(*store().add_otp_method(totp_method(6), kMethodLimits, kEvent), Addition::TooMany);
  EXPECT_EQ(store().methods_of("alice")->size(), 5U);
  EXPECT_EQ(records(), 5U);
  add(totp_method(7, {"alice", 2000}));
  auto hotp = totp_method(8);
  hotp.method.type = hotp.credential.type = MethodType::Hotp;
  add(hotp);
}

TEST_P(StoreConformance, UnconfirmedMethodsHaveALimitOfTheirOwn) {
  const MethodLimits limits{.of_type = 100, .unconfirmed = 2};
  add(unconfirmed(totp_method(1)));
  add(unconfirmed(totp_method(2)));
  EXPECT_EQ(*store().add_otp_method(unconfirmed(totp_method(3)), limits, kEvent),
            Addition::TooMany);
  EXPECT_EQ(*store().add_otp_method(totp_method(4), limits, kEvent), Addition::Added);
}

TEST_P(StoreConformance, RacingEnrollmentsDoNotPassTheLimit) {
  std::atomic<int> added{0};
  race(16, [&](int n) {
    const auto one = store().add_otp_method(totp_method(n), kMethodLimits, kEvent);
    if (one && *one == Addition::Added) ++added;
  });
  EXPECT_EQ(added, 5);
  EXPECT_EQ(store().methods_of("alice")->size(), 5U);
  EXPECT_EQ(records(), 5U);
}

TEST_P(StoreConformance, ConfirmingUsesUpTheStep) {  // S87
  add(unconfirmed(totp_method(1)));
  ASSERT_EQ(*store().confirm_otp_method(method_id(1), 42, kNow + 5s, kEvent), Claim::Won);
  EXPECT_EQ(store().methods_of("alice")->front().confirmed, kNow + 5s);
  EXPECT_EQ(last_used(method_id(1)), 42);
  EXPECT_EQ(*store().grant(otp_grant(open(conversation(1)), method_id(1), 42)),
            GrantOutcome::Spent);
  EXPECT_EQ(*store().confirm_otp_method(method_id(1), 43, kNow + 6s, kEvent), Claim::Lost);
  EXPECT_EQ(store().methods_of("alice")->front().confirmed, kNow + 5s);
}

TEST_P(StoreConformance, OfManyRacingConfirmationsOneWins) {
  add(unconfirmed(totp_method(1)));
  std::atomic<int> winners{0};
  race(16, [&](int n) {
    const auto claim = store().confirm_otp_method(method_id(1), n, kNow, kEvent);
    if (claim && *claim == Claim::Won) ++winners;
  });
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(records(), 2U);
}

TEST_P(StoreConformance, ARemovedMethodIsNeverConfirmed) {
  for (int round = 1; round <= 20; ++round) {
    add(unconfirmed(totp_method(round)));
    Claim confirmed = Claim::Lost;
    Claim removed = Claim::Lost;
    race(2, [&](int n) {
      if (n == 0) confirmed = *store().confirm_otp_method(method_id(round), 1, kNow, kEvent);
      if (n == 1) removed = *store().remove_method(method_id(round), kEvent);
    });
    EXPECT_EQ(removed, Claim::Won);
    EXPECT_FALSE(*store().otp_method(method_id(round)));
    EXPECT_EQ(records(), static_cast<std::size_t>(confirmed == Claim::Won ? 3 : 2));
    ASSERT_EQ(*store().remove_methods_of("alice", kEvent), 0);
    ASSERT_TRUE(store().purge(kNow + 24h * 500, 1000));
  }
}

TEST_P(StoreConformance, ResynchronizingNeverMovesBack) {  // S90, S91
  add(totp_method(1));
  ASSERT_EQ(*store().resynchronize(method_id(1), 4, 42, kEvent), Claim::Won);
  EXPECT_EQ((**store().otp_method(method_id(1))).credential.offset, 4);
  EXPECT_EQ(last_used(method_id(1)), 42);
  for (const MovingFactor old : {42, 41}) {
    EXPECT_EQ(*store().resynchronize(method_id(1), -2, old, kEvent), Claim::Lost);
  }
  EXPECT_EQ((**store().otp_method(method_id(1))).credential.offset, 4);
  EXPECT_EQ(last_used(method_id(1)), 42);
  add(unconfirmed(totp_method(2)));
  EXPECT_EQ(*store().resynchronize(method_id(2), 4, 42, kEvent), Claim::Lost);
}

TEST_P(StoreConformance, ARenamedMethodKeepsItsSeed) {
  add(totp_method(1));
  ASSERT_EQ(*store().rename_method(method_id(1), "Tablet", kEvent), Claim::Won);
  EXPECT_EQ(store().methods_of("alice")->front().name, "Tablet");
  EXPECT_EQ((**store().otp_method(method_id(1))).credential.seed.text(), "12345678901234567890");
}

TEST_P(StoreConformance, OfManyRacingRemovalsOneWins) {
  add(totp_method(1));
  std::atomic<int> winners{0};
  race(16, [&](int) {
    const auto claim = store().remove_method(method_id(1), kEvent);
    if (claim && *claim == Claim::Won) ++winners;
  });
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(records(), 2U);
}

TEST_P(StoreConformance, ANewSetOfRecoveryCodesEndsTheOldOne) {  // S105
  ASSERT_TRUE(
      store().replace_recovery_codes(recovery_method(1), {code_digest(1), code_digest(2)}, kEvent));
  ASSERT_TRUE(store().replace_recovery_codes(
      recovery_method(2, {"alice", 2000}), {code_digest(5)}, kEvent));
  ASSERT_TRUE(store().replace_recovery_codes(recovery_method(3), {code_digest(3, 7)}, kEvent));
  const auto set = store().recovery_set(alice());
  ASSERT_TRUE(set && *set);
  EXPECT_EQ((**set).method, method_id(3));
  EXPECT_EQ((**set).key, 7U);
  EXPECT_EQ((**set).left, 1);
  EXPECT_EQ((**store().recovery_set({"alice", 2000})).left, 1);
  auto grant = otp_grant(open(conversation(1)), method_id(1), 0);
  grant.use = RecoveryCodeUse{.method = method_id(1), .digest = code_digest(1)};
  EXPECT_EQ(*store().grant(grant), GrantOutcome::Spent);
}

TEST_P(StoreConformance, ASetOfRecoveryCodesIsUnderOneKeyAndNotEmpty) {
  EXPECT_FALSE(store().replace_recovery_codes(recovery_method(1), {}, kEvent));
  EXPECT_FALSE(store().replace_recovery_codes(
      recovery_method(1), {code_digest(1, 1), code_digest(2, 2)}, kEvent));
  EXPECT_FALSE(*store().recovery_set(alice()));
  EXPECT_EQ(records(), 0U);
}

TEST_P(StoreConformance, RemovingTheMethodsOfANameRemovesAllThatBelongsToIt) {
  add(totp_method(1));
  add(unconfirmed(totp_method(2, {"alice", 2000})));
  add(totp_method(3, {"bob", 1000}));
  ASSERT_TRUE(store().replace_recovery_codes(recovery_method(4), {code_digest(1)}, kEvent));
  const auto opened = open(conversation(1));
  const AttemptChange failed{
      .budget = Budget::ShortCode, .place = {}, .next = with_failure({}, kNow)};
  ASSERT_EQ(*store().count_attempt(answered(opened, 2), opened.nonce, alice(), failed),
            AttemptClaim::Counted);
  auto grant = otp_grant(open(conversation(3)), method_id(1), 42);
  grant.place = place(1);
  ASSERT_EQ(*store().grant(grant), GrantOutcome::Granted);

  EXPECT_EQ(*store().remove_methods_of("alice", kEvent), 3);
  EXPECT_TRUE(store().methods_of("alice")->empty());
  EXPECT_FALSE(*store().recovery_set(alice()));
  EXPECT_EQ(attempts().consecutive, 0);
  EXPECT_TRUE(attempts().failures.empty());
  EXPECT_FALSE(*store().known_place(alice(), {place(1)}, kNow));
  EXPECT_EQ(store().methods_of("bob")->size(), 1U);
}

TEST_P(StoreConformance, ForgettingAttemptsIsNotUndoneByALoginThatReadThem) {
  const auto first = open(conversation(1));
  AttemptChange change{.budget = Budget::ShortCode, .place = {}, .next = with_failure({}, kNow)};
  ASSERT_EQ(*store().count_attempt(answered(first, 11), first.nonce, alice(), change),
            AttemptClaim::Counted);
  const auto read_before = attempts();
  ASSERT_TRUE(store().forget_attempts("alice", event(AuditEventType::UserUnlocked)));
  EXPECT_EQ(attempts().consecutive, 0);
  EXPECT_TRUE(attempts().failures.empty());

  const auto second = open(conversation(2));
  change.next = with_failure(read_before, kNow);
  EXPECT_EQ(*store().count_attempt(answered(second, 12), second.nonce, alice(), change),
            AttemptClaim::AttemptsMoved);
  EXPECT_EQ(attempts().consecutive, 0);
  EXPECT_EQ(records(), 1U);
}

TEST_P(StoreConformance, ForgettingAttemptsMakesRoomForConversations) {
  for (int n = 1; n <= 20; ++n) open(conversation(n));
  using Outcome = OpenedConversation::Outcome;
  const auto refused = store().open_conversation(conversation(21), kConversationLimits);
  ASSERT_EQ(refused->outcome, Outcome::TooMany);
  ASSERT_TRUE(store().forget_attempts("alice", event(AuditEventType::UserUnlocked)));
  const auto again = store().open_conversation(conversation(22), kConversationLimits);
  EXPECT_EQ(again->outcome, Outcome::Opened);
  EXPECT_EQ(stored(conversation(20).id).phase, Phase::Asking) << "who is being asked goes on";
}

TEST_P(StoreConformance, WhereThereIsNothingToForgetNothingIsRecorded) {  // S126
  const auto e = event(AuditEventType::UserUnlocked);
  EXPECT_EQ(*store().forget_attempts("alice", e), 0);
  EXPECT_EQ(records(), 0U);
  const auto asked = open(conversation(1));
  const AttemptChange change{
      .budget = Budget::ShortCode, .place = {}, .next = with_failure({}, kNow)};
  ASSERT_EQ(*store().count_attempt(answered(asked, 11), asked.nonce, alice(), change),
            AttemptClaim::Counted);
  EXPECT_EQ(*store().forget_attempts("alice", e), 1);
  EXPECT_EQ(*store().forget_attempts("alice", e), 0);
  EXPECT_EQ(records(), 1U);
}

TEST_P(StoreConformance, UsersAreListedByNamePageByPage) {
  add(totp_method(1, {"carol", 3}));
  add(totp_method(2, {"alice", 1}));
  add(unconfirmed(totp_method(3, {"bob", 2})));
  add(totp_method(4, {"alice", 1}));
  const auto first = store().users_after("", 2);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 2U);
  EXPECT_EQ((*first)[0].account.name, "alice");
  EXPECT_EQ((*first)[0].confirmed_methods, 2);
  EXPECT_EQ((*first)[1].account.name, "bob");
  EXPECT_EQ((*first)[1].confirmed_methods, 0);
  const auto second = store().users_after("bob", 2);
  ASSERT_EQ(second->size(), 1U);
  EXPECT_EQ((*second)[0].account.name, "carol");
  EXPECT_TRUE(store().users_after("carol", 2)->empty());
  EXPECT_TRUE(store().users_after("", 0)->empty());
}

TEST_P(StoreConformance, AccountsOfOneNameAreNotSplitOverPages) {  // S37
  add(totp_method(1, {"alice", 1000}));
  add(totp_method(2, {"alice", 2000}));
  add(totp_method(3, {"bob", 1}));
  const auto page = store().users_after("", 1);
  ASSERT_EQ(page->size(), 2U);
  EXPECT_EQ((*page)[0].account.uid, 1000U);
  EXPECT_EQ((*page)[1].account.uid, 2000U);
}

TEST_P(StoreConformance, AUsersFailuresAreInItsSummary) {
  add(totp_method(1));
  const auto opened = open(conversation(1));
  const AttemptChange failed{
      .budget = Budget::ShortCode, .place = {}, .next = with_failure({}, kNow)};
  ASSERT_TRUE(store().count_attempt(answered(opened, 2), opened.nonce, alice(), failed));
  EXPECT_EQ(store().users_after("", 10)->front().short_code.consecutive, 1);
}

}  // namespace
}  // namespace twinlock
