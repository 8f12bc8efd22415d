// SPDX-License-Identifier: MIT
#include "daemon/domain/conversation_engine.h"

#include <gmock/gmock.h>

#include "tests/unit/domain/login_world.h"

namespace twinlock {
namespace {

using wire::StepKind;

class ConversationEngineTest : public testing::Test {
 protected:
  LoginWorld world_;
};

TEST_F(ConversationEngineTest, AsksEverybodyTheSameQuestion) {  // S25, S40
  world_.enroll(world_.alice);
  for (const char* user : {"alice", "bob", "nobody-here", "", "not a name\n"}) {
    const auto step = world_.begin(user);
    EXPECT_EQ(step.kind, StepKind::PromptHidden) << user;
    EXPECT_EQ(step.text, "Verification code: ") << user;
    EXPECT_TRUE(step.messages.empty()) << user;
    EXPECT_EQ(step.reason, Reason::None) << user;
  }
}

TEST_F(ConversationEngineTest, TheStepRepeatsNonceConversationAndUser) {  // S11, S13
  world_.directory.add_alias("ALICE", "alice");
  const auto context = world_.context("ALICE");
  const auto step = world_.engine.begin(context);
  EXPECT_EQ(step.nonce, context.nonce);
  EXPECT_EQ(step.conversation, context.nonce);
  EXPECT_EQ(step.user, "ALICE");
  const auto nonce = world_.nonce();
  const auto second = world_.engine.answer(
      step.conversation, step.nonce, nonce, Secret(std::string_view("000000")), {});
  EXPECT_EQ(second.nonce, nonce);
  EXPECT_EQ(second.conversation, step.conversation);
  EXPECT_EQ(second.user, "ALICE");
}

TEST_F(ConversationEngineTest, WhatUsersLookUpIsApartFromWhatLoginsDo) {  // S39, S47
  LoginContext own = world_.context("alice", "");
  own.purpose = Purpose::Test;
  world_.own_faults.fail_next("find", Fault::Error);
  EXPECT_EQ(world_.begin().kind, StepKind::PromptHidden) << "a login doesn't come there";
  EXPECT_EQ(world_.engine.begin(own).kind, StepKind::Unavailable);
  world_.faults.fail_next("find", Fault::Error);
  own.nonce = world_.nonce();
  EXPECT_EQ(world_.engine.begin(own).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.begin().kind, StepKind::Unavailable);
}

TEST_F(ConversationEngineTest, ATestIsOneCodeOneDecisionAndOneRecordWithTheReason) {  // S126
  const auto totp = world_.enroll(world_.alice);
  LoginContext own = world_.context("alice", "");
  own.purpose = Purpose::Test;
  const auto step =
      world_.answer(world_.engine.begin(own), world_.wrong_code(totp), Asker{world_.alice.uid});
  EXPECT_EQ(step.kind, StepKind::Exhausted) << "it doesn't ask again";
  EXPECT_EQ(step.reason, Reason::WrongCode);
  world_.engine.cancel(step.conversation, Asker{world_.alice.uid});
  EXPECT_EQ(world_.audited(AuditEventType::LoginDenied).size(), 1U);

  own.nonce = world_.nonce();
  const auto right =
      world_.answer(world_.engine.begin(own), world_.code(totp), Asker{world_.alice.uid});
  EXPECT_EQ(right.kind, StepKind::Granted);
}

TEST_F(ConversationEngineTest, TheConversationIsStoredBeforeThePromptIsReturned) {  // S42
  const auto step = world_.begin();
  const auto stored = world_.memory.conversation(step.conversation);
  ASSERT_TRUE(stored && *stored);
  EXPECT_EQ((*stored)->phase, Phase::Asking);
}

TEST_F(ConversationEngineTest, AnotherProcessOverTheSameStoreGoesOnWithIt) {  // S42
  const auto credential = world_.enroll(world_.alice);
  const auto step = world_.begin();
  ConversationEngine other({world_.ports.store,
                            world_.ports.store,
                            world_.ports.store,
                            world_.ports.store,
                            world_.ports.directory,
                            world_.own_directory,
                            world_.ports.keys,
                            world_.ports.clock,
                            world_.audit},
                           generous_settings());
  const auto granted = other.answer(
      step.conversation, step.nonce, world_.nonce(), Secret(world_.code(credential)), {});
  EXPECT_EQ(granted.kind, StepKind::Granted);
}

TEST_F(ConversationEngineTest, WhoCannotAnswerIsDeniedAtOnceAndUncounted) {  // S27
  world_.enroll(world_.alice);
  auto context = world_.context();
  context.interactive = false;
  const auto step = world_.engine.begin(context);
  EXPECT_EQ(step.kind, StepKind::Denied);
  EXPECT_EQ(step.reason, Reason::NotInteractive);
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 0);
  EXPECT_EQ(world_.audited(AuditEventType::LoginDenied).size(), 1U);
}

TEST_F(ConversationEngineTest, AnExemptionIsWrittenDownWithItsRule) {  // S48
  ASSERT_TRUE(world_.memory.set_policy(LoginPolicy::None, {}));
  const auto step = world_.begin();
  EXPECT_EQ(step.kind, StepKind::Exempt);
  EXPECT_EQ(step.reason, Reason::PolicyOff);
  const auto events = world_.audited(AuditEventType::LoginExempt);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().user, "alice");
  EXPECT_EQ(events.front().detail, "policy none");
}

TEST_F(ConversationEngineTest, RootIsAskedEvenWhenThePolicyIsOff) {  // S48
  ASSERT_TRUE(world_.memory.set_policy(LoginPolicy::None, {}));
  EXPECT_EQ(world_.begin("root").kind, StepKind::PromptHidden);
}

TEST_F(ConversationEngineTest, AnUnknownUserIsAskedEvenWhenThePolicyIsOff) {
  ASSERT_TRUE(world_.memory.set_policy(LoginPolicy::None, {}));
  EXPECT_EQ(world_.begin("nobody-here").kind, StepKind::PromptHidden);
}

TEST_F(ConversationEngineTest, NewSettingsHoldFromTheNextCallOn) {
  LoginSettings settings = generous_settings();
  PolicyRule rule;
  rule.name = "alice is trusted";
  rule.action = PolicyRule::Action::Exempt;
  rule.users = {"alice"};
  settings.rules = {rule};
  EXPECT_EQ(world_.begin().kind, StepKind::PromptHidden);
  world_.engine.configure(settings);
  const auto step = world_.begin();
  EXPECT_EQ(step.kind, StepKind::Exempt);
  EXPECT_EQ(step.reason, Reason::ExemptByRule);
  EXPECT_EQ(world_.audited(AuditEventType::LoginExempt).front().detail, "alice is trusted");
}

TEST_F(ConversationEngineTest, GroupsThatCannotBeReadExemptNobody) {  // S47, S48
  LoginSettings settings = generous_settings();
  PolicyRule rule;
  rule.name = "robots";
  rule.action = PolicyRule::Action::Exempt;
  rule.groups = {"robots"};
  settings.rules = {rule};
  world_.engine.configure(settings);
  world_.directory.add(world_.alice, {"robots"});
  EXPECT_EQ(world_.begin().kind, StepKind::Exempt);
  world_.directory.lose_groups();
  EXPECT_EQ(world_.begin().kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.log.problems().size(), 1U);
}

// S41: the nonce chain.

class NonceChainTest : public ConversationEngineTest {
 protected:
  NonceChainTest() : credential_(world_.enroll(world_.alice)), asked_(world_.begin()) {}

  Step answer(const Nonce& previous, const Nonce& nonce, std::string_view text) {
    return world_.engine.answer(asked_.conversation, previous, nonce, Secret(text), {});
  }

  OtpCredential credential_;
  Step asked_;
  const Nonce first_ = world_.nonce();
  const Nonce second_ = world_.nonce();
};

TEST_F(NonceChainTest, TheSameNonceReturnsTheSameStepAndJudgesNothing) {  // S41
  const auto wrong = world_.wrong_code(credential_);
  const auto step = answer(asked_.nonce, first_, wrong);
  // Even with the right code: what was judged under this nonce was judged.
  const auto again = answer(asked_.nonce, first_, world_.code(credential_));
  EXPECT_EQ(again.kind, step.kind);
  EXPECT_EQ(again.nonce, step.nonce);
  EXPECT_EQ(again.text, step.text);
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 1);
}

TEST_F(NonceChainTest, AGrantWhoseReplyWasLostIsRepeatedWithinThirtySeconds) {  // S41
  const auto code = world_.code(credential_);
  EXPECT_EQ(answer(asked_.nonce, first_, code).kind, StepKind::Granted);
  world_.clock.advance(29s);
  EXPECT_EQ(answer(asked_.nonce, first_, code).kind, StepKind::Granted);
  EXPECT_EQ(world_.audited(AuditEventType::LoginGranted).size(), 1U);
  world_.clock.advance(1s);
  EXPECT_EQ(answer(asked_.nonce, first_, code).kind, StepKind::Denied);
}

TEST_F(NonceChainTest, AGrantIsRepeatedToNobodyWithAnotherNonce) {  // S41
  const auto code = world_.code(credential_);
  EXPECT_EQ(answer(asked_.nonce, first_, code).kind, StepKind::Granted);
  EXPECT_EQ(answer(asked_.nonce, second_, code).kind, StepKind::Denied);
  EXPECT_EQ(answer(first_, second_, code).kind, StepKind::Denied);
}

TEST_F(NonceChainTest, TheReplayWindowEndsByEitherClock) {  // S136
  EXPECT_EQ(answer(asked_.nonce, first_, world_.code(credential_)).kind, StepKind::Granted);
  world_.clock.set_since_boot(world_.clock.now()->since_boot + 30s);
  EXPECT_EQ(answer(asked_.nonce, first_, "").kind, StepKind::Denied);
}

TEST_F(NonceChainTest, AnAnswerToAnotherStepThanTheLastIsDeniedUnjudged) {  // S41
  const auto code = world_.code(credential_);
  EXPECT_EQ(answer(world_.nonce(), first_, code).kind, StepKind::Denied);
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 0);
  // And the conversation goes on for who holds its chain.
  EXPECT_EQ(answer(asked_.nonce, second_, code).kind, StepKind::Granted);
}

TEST_F(NonceChainTest, AConversationThatWasNeverBegunIsDenied) {
  const auto step = world_.engine.answer(
      world_.nonce(), asked_.nonce, first_, Secret(world_.code(credential_)), {});
  EXPECT_EQ(step.kind, StepKind::Denied);
}

TEST_F(ConversationEngineTest, BeginAgainWithTheSameNonceFindsTheSameConversation) {  // S41
  const auto context = world_.context();
  const auto first = world_.engine.begin(context);
  const auto again = world_.engine.begin(context);
  EXPECT_EQ(again.kind, StepKind::PromptHidden);
  EXPECT_EQ(again.conversation, first.conversation);
}

TEST_F(ConversationEngineTest, BeginAgainForAnotherQuestionIsDenied) {  // S41
  auto context = world_.context();
  ASSERT_EQ(world_.engine.begin(context).kind, StepKind::PromptHidden);
  for (const auto spoil :
       std::vector<void (*)(LoginContext&)>{[](LoginContext& c) { c.user = "bob"; },
                                            [](LoginContext& c) { c.service = "sudo"; },
                                            [](LoginContext& c) { c.source = "198.51.100.1"; },
                                            [](LoginContext& c) { c.purpose = Purpose::Proof; }}) {
    auto other = context;
    spoil(other);
    EXPECT_EQ(world_.engine.begin(other).kind, StepKind::Denied);
  }
}

TEST_F(ConversationEngineTest, BeginAgainAfterAnAnswerOrAfterHalfAMinuteIsDenied) {  // S41
  const auto answered = world_.context();
  static_cast<void>(world_.answer(world_.engine.begin(answered), "nonsense"));
  EXPECT_EQ(world_.engine.begin(answered).kind, StepKind::Denied);

  const auto old = world_.context();
  ASSERT_EQ(world_.engine.begin(old).kind, StepKind::PromptHidden);
  world_.clock.advance(30s);
  EXPECT_EQ(world_.engine.begin(old).kind, StepKind::Denied);
}

// S136: a conversation lives 120 s, by whichever clock says so first.

class ConversationLifetimeTest : public ConversationEngineTest {
 protected:
  ConversationLifetimeTest() : credential_(world_.enroll(world_.alice)), asked_(world_.begin()) {}
  StepKind answer_now() { return world_.answer(asked_, world_.code(credential_)).kind; }

  OtpCredential credential_;
  Step asked_;
};

TEST_F(ConversationLifetimeTest, LastsUntilItsLastSecond) {
  world_.clock.advance(119s);
  EXPECT_EQ(answer_now(), StepKind::Granted);
}

TEST_F(ConversationLifetimeTest, EndsWhenBothClocksSaySo) {
  world_.clock.advance(120s);
  EXPECT_EQ(answer_now(), StepKind::Denied);
  EXPECT_EQ(world_.audited(AuditEventType::LoginDenied).back().reason, Reason::Expired);
}

TEST_F(ConversationLifetimeTest, EndsByTheWallClockAlone) {  // S136
  world_.clock.set_wall(world_.clock.wall() + 120s);
  EXPECT_EQ(answer_now(), StepKind::Denied);
}

TEST_F(ConversationLifetimeTest, EndsByTimeSinceBootAlone) {  // S136
  world_.clock.set_since_boot(world_.clock.now()->since_boot + 120s);
  EXPECT_EQ(answer_now(), StepKind::Denied);
}

TEST_F(ConversationLifetimeTest, EndsWithTheMachine) {  // S136
  world_.clock.set_since_boot(1s);
  EXPECT_EQ(answer_now(), StepKind::Denied);
}

TEST_F(ConversationLifetimeTest, OnceExpiredItStaysSoWhateverTheClockDoes) {
  const auto then = world_.clock.wall();
  world_.clock.set_wall(then + 120s);
  EXPECT_EQ(answer_now(), StepKind::Denied);
  world_.clock.set_wall(then);
  EXPECT_EQ(answer_now(), StepKind::Denied);
}

// How many conversations there may be.

LoginSettings scarce_settings() {
  LoginSettings settings;
  settings.limits = {2, 5};
  return settings;
}

class ConversationLimitsTest : public testing::Test {
 protected:
  LoginWorld world_{scarce_settings()};
};

TEST_F(ConversationLimitsTest, TheOldestGivesWay) {
  const auto credential = world_.enroll(world_.alice);
  const auto oldest = world_.begin();
  const auto second = world_.begin();
  const auto third = world_.begin();
  EXPECT_EQ(world_.answer(oldest, world_.code(credential)).kind, StepKind::Denied);
  EXPECT_EQ(world_.answer(second, "nonsense").kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.answer(third, world_.code(credential)).kind, StepKind::Granted);
}

TEST_F(ConversationLimitsTest, MoreThanTheHoursShareAreRefusedUntilItHasRoom) {
  for (int i = 0; i < 5; ++i) ASSERT_EQ(world_.begin().kind, StepKind::PromptHidden) << i;
  const auto refused = world_.begin();
  EXPECT_EQ(refused.kind, StepKind::Denied);
  EXPECT_EQ(refused.reason, Reason::TooManyConversations);
  EXPECT_EQ(world_.audited(AuditEventType::LoginDenied).back().reason,
            Reason::TooManyConversations);
  world_.clock.advance(1h);
  EXPECT_EQ(world_.begin().kind, StepKind::PromptHidden);
}

TEST_F(ConversationLimitsTest, OtherSourcesAndOtherUsersHaveTheirOwnShare) {
  for (int i = 0; i < 6; ++i) static_cast<void>(world_.begin());
  EXPECT_EQ(world_.begin("alice", "198.51.100.1").kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.begin("bob").kind, StepKind::PromptHidden);
}

TEST_F(ConversationLimitsTest, AnUnknownUserHasTheSameLimits) {  // S25
  for (int i = 0; i < 5; ++i) ASSERT_EQ(world_.begin("nobody").kind, StepKind::PromptHidden) << i;
  EXPECT_EQ(world_.begin("nobody").kind, StepKind::Denied);
}

TEST_F(ConversationLimitsTest, GrantedOnesDoNotCount) {
  const auto credential = world_.enroll(world_.alice);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(world_.login(world_.code(credential)).kind, StepKind::Granted) << i;
    world_.clock.advance(30s);
  }
}

TEST_F(ConversationLimitsTest, EverySpellingOfANameDrawsOnOneShare) {  // S37
  world_.directory.add_alias("ALICE", "alice");
  for (int i = 0; i < 5; ++i) static_cast<void>(world_.begin(i % 2 == 0 ? "alice" : "ALICE"));
  EXPECT_EQ(world_.begin("ALICE").reason, Reason::TooManyConversations);
}

// Who goes on with whose conversation.

TEST_F(ConversationEngineTest, ALoginIsAnsweredByItsFrontEndAlone) {
  const auto credential = world_.enroll(world_.alice);
  const auto step = world_.begin();
  EXPECT_EQ(world_.answer(step, world_.code(credential), {1000}).kind, StepKind::Denied);
  EXPECT_EQ(world_.answer(step, world_.code(credential)).kind, StepKind::Granted);
}

TEST_F(ConversationEngineTest, AProofIsAnsweredByItsOwnUserAlone) {
  const auto credential = world_.enroll(world_.alice);
  auto context = world_.context("alice", "");
  context.purpose = Purpose::Proof;
  const auto step = world_.engine.begin(context);
  const auto code = world_.code(credential);
  EXPECT_EQ(world_.answer(step, code, {1001}).kind, StepKind::Denied);
  EXPECT_EQ(world_.answer(step, code, {0}).kind, StepKind::Denied);
  EXPECT_EQ(world_.answer(step, code).kind, StepKind::Denied);
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 0);
  EXPECT_EQ(world_.answer(step, code, {1000}).kind, StepKind::Granted);
}

TEST_F(ConversationEngineTest, AProofIsAskedForWhateverThePolicySays) {  // S74
  ASSERT_TRUE(world_.memory.set_policy(LoginPolicy::None, {}));
  auto context = world_.context("alice", "");
  context.purpose = Purpose::Proof;
  EXPECT_EQ(world_.engine.begin(context).kind, StepKind::PromptHidden);
}

TEST_F(ConversationEngineTest, ACancelledConversationIsOver) {
  const auto credential = world_.enroll(world_.alice);
  const auto step = world_.begin();
  world_.engine.cancel(step.conversation, {1001});
  world_.engine.cancel(world_.nonce(), {});
  EXPECT_EQ(world_.answer(step, "nonsense").kind, StepKind::PromptHidden);

  const auto other = world_.begin();
  world_.engine.cancel(other.conversation, {});
  EXPECT_EQ(world_.answer(other, world_.code(credential)).kind, StepKind::Denied);
  EXPECT_EQ(world_.audited(AuditEventType::LoginDenied).back().reason, Reason::Cancelled);
}

TEST_F(ConversationEngineTest, WhoeverHangsUpAtThePromptLeavesARecord) {  // S126
  const auto step = world_.begin();
  EXPECT_EQ(*world_.engine.end_abandoned(10), 0) << "there is time left";
  world_.clock.advance(121s);
  EXPECT_EQ(*world_.engine.end_abandoned(10), 1);
  const auto denied = world_.audited(AuditEventType::LoginDenied);
  ASSERT_EQ(denied.size(), 1U);
  EXPECT_EQ(denied.back().reason, Reason::Expired);
  EXPECT_EQ(denied.back().user, "alice");
  EXPECT_EQ(*world_.engine.end_abandoned(10), 0);
  EXPECT_EQ(world_.answer(step, "123456").kind, wire::StepKind::Denied);
}

// Whoever goes on until none is left would go on for ever.
TEST_F(ConversationEngineTest, WhatCannotBeEndedIsAnErrorNotOneThatHasEnded) {
  static_cast<void>(world_.begin());
  world_.clock.advance(121s);
  world_.faults.fail_next("advance_conversation", Fault::Error);
  EXPECT_FALSE(world_.engine.end_abandoned(10));
}

TEST_F(ConversationEngineTest, AConversationThatGivesWayLeavesOneRecord) {  // S126
  LoginSettings settings;
  settings.limits = {5, 100};
  world_.engine.configure(settings);
  const auto oldest = world_.begin();
  for (int newer = 0; newer < 5; ++newer) static_cast<void>(world_.begin());
  ASSERT_EQ(world_.audited(AuditEventType::LoginDenied).size(), 1U);
  EXPECT_EQ(world_.answer(oldest, "123456").kind, wire::StepKind::Denied);
  const auto denied = world_.audited(AuditEventType::LoginDenied);
  ASSERT_EQ(denied.size(), 1U);
  EXPECT_EQ(denied.back().reason, Reason::Superseded);
}

TEST_F(ConversationEngineTest, CancellingAGrantTakesNothingBack) {
  const auto credential = world_.enroll(world_.alice);
  const auto step = world_.begin();
  const auto nonce = world_.nonce();
  const Secret code(world_.code(credential));
  ASSERT_EQ(world_.engine.answer(step.conversation, step.nonce, nonce, code, {}).kind,
            StepKind::Granted);
  world_.engine.cancel(step.conversation, {});
  EXPECT_EQ(world_.engine.answer(step.conversation, step.nonce, nonce, code, {}).kind,
            StepKind::Granted);
}

// S125: what was typed as a user name may be a password.

TEST_F(ConversationEngineTest, AnUnknownNameIsLoggedAsAShortKeyedHash) {  // S125
  const std::string typed = "correct-horse-battery";
  static_cast<void>(world_.login("000000", typed));
  static_cast<void>(world_.login("000000", typed));
  static_cast<void>(world_.login("000000", "another-name"));
  const auto events = world_.audited(AuditEventType::LoginDenied);
  ASSERT_EQ(events.size(), 3U);
  for (const auto& event : events) {
    EXPECT_EQ(event.user, "unknown");
    EXPECT_FALSE(event.uid);
    EXPECT_THAT(event.detail, testing::MatchesRegex("name [0-9a-f]{8}"));
  }
  EXPECT_EQ(events[0].detail, events[1].detail);
  EXPECT_NE(events[0].detail, events[2].detail);
}

TEST_F(ConversationEngineTest, AnUnknownNameIsHashedInEveryKindOfDenial) {  // S125
  auto context = world_.context("correct-horse-battery");
  context.interactive = false;
  static_cast<void>(world_.engine.begin(context));
  world_.engine.cancel(world_.begin("correct-horse-battery").conversation, {});
  for (const auto& event : world_.audited(AuditEventType::LoginDenied)) {
    EXPECT_THAT(event.detail, testing::MatchesRegex("name [0-9a-f]{8}"));
  }
}

TEST_F(ConversationEngineTest, NothingOfAnAnswerIsLogged) {  // S124
  world_.enroll(world_.alice);
  const std::string typed = "my-unix-password";
  static_cast<void>(world_.login(typed));
  static_cast<void>(world_.login("471100"));
  for (const auto& event : world_.log.events()) {
    for (const auto& field : {event.user, event.service, event.source, event.detail, event.actor}) {
      EXPECT_THAT(field, testing::Not(testing::HasSubstr(typed)));
      EXPECT_THAT(field, testing::Not(testing::HasSubstr("471100")));
    }
  }
}

}  // namespace
}  // namespace twinlock
