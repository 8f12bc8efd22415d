// SPDX-License-Identifier: MIT
#include "daemon/domain/judgement.h"

#include <gmock/gmock.h>

#include "daemon/domain/lockout.h"
#include "tests/unit/domain/login_world.h"

namespace twinlock {
namespace {

using wire::StepKind;

class JudgementTest : public testing::Test {
 protected:
  Reason last_reason() { return world_.audited(AuditEventType::LoginDenied).back().reason; }
  void wait_out_the_hold() {
    const auto hold =
        hold_until(Budget::ShortCode, world_.attempts(world_.alice), world_.clock.wall());
    if (hold) world_.clock.advance(*hold - world_.clock.wall());
  }
  int consecutive() { return world_.attempts(world_.alice).consecutive; }

  LoginWorld world_;
  const OtpCredential totp_ = world_.enroll(world_.alice);
};

TEST_F(JudgementTest, ACodeIsGrantedOnceAndThenDenied) {  // S87
  const auto code = world_.code(totp_);
  const auto granted = world_.login(code);
  EXPECT_EQ(granted.kind, StepKind::Granted);
  EXPECT_EQ(granted.reason, Reason::RightCode);
  EXPECT_EQ(granted.text, "");
  EXPECT_EQ(world_.login(code).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::CodeAlreadyUsed);
}

TEST_F(JudgementTest, AnEarlierStepThanTheLastUsedIsDenied) {  // S87: strictly increasing
  world_.clock.advance(10min);
  ASSERT_EQ(world_.login(world_.code(totp_, 0)).kind, StepKind::Granted);
  EXPECT_EQ(world_.login(world_.code(totp_, -1)).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(totp_, 1)).kind, StepKind::Granted);
}

TEST_F(JudgementTest, TheConfirmingCodeOfAnEnrollmentCountsAsUsed) {  // S87
  // The world has confirmed this authenticator with the code of the step before.
  EXPECT_EQ(world_.login(world_.code(totp_, -1)).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::CodeAlreadyUsed);
}

TEST_F(JudgementTest, TheWindowIsOneStepEitherSide) {
  world_.clock.advance(10min);
  EXPECT_EQ(world_.login(world_.code(totp_, -2)).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(totp_, 2)).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(totp_, -1)).kind, StepKind::Granted);
  EXPECT_EQ(world_.login(world_.code(totp_, 0)).kind, StepKind::Granted);
  EXPECT_EQ(world_.login(world_.code(totp_, 1)).kind, StepKind::Granted);
}

TEST_F(JudgementTest, AGrantIsOneAuditRecordWithItsMethod) {  // S126
  ASSERT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
  const auto events = world_.audited(AuditEventType::LoginGranted);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().user, "alice");
  EXPECT_EQ(events.front().uid, 1000U);
  EXPECT_EQ(events.front().service, "sshd");
  EXPECT_EQ(events.front().source, "203.0.113.7");
  EXPECT_EQ(events.front().method_type, MethodType::Totp);
  EXPECT_EQ(events.front().method_id, totp_.id);
}

TEST_F(JudgementTest, ThreeAnswersEndAConversation) {
  auto step = world_.begin();
  step = world_.answer(step, "nonsense");
  EXPECT_EQ(step.kind, StepKind::PromptHidden);
  step = world_.answer(step, world_.wrong_code(totp_));
  EXPECT_EQ(step.kind, StepKind::PromptHidden);
  step = world_.answer(step, world_.wrong_code(totp_));
  EXPECT_EQ(step.kind, StepKind::Exhausted);
  EXPECT_EQ(world_.answer(step, world_.code(totp_)).kind, StepKind::Denied);
}

TEST_F(JudgementTest, TheThirdAnswerMayStillBeTheRightOne) {
  auto step = world_.begin();
  step = world_.answer(step, "nonsense");
  step = world_.answer(step, world_.wrong_code(totp_));
  EXPECT_EQ(world_.answer(step, world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(JudgementTest, ASuccessEndsTheRowOfFailures) {
  static_cast<void>(world_.login(world_.wrong_code(totp_)));
  static_cast<void>(world_.login(world_.wrong_code(totp_)));
  EXPECT_EQ(consecutive(), 2);
  ASSERT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
  EXPECT_EQ(consecutive(), 0);
  EXPECT_EQ(world_.attempts(world_.alice).failures.size(), 2U);  // of the rolling caps
}

TEST_F(JudgementTest, NonsenseAndUnknownFormsAreNotCounted) {
  for (const char* text : {"", "nonsense", "12345", "1234567"}) {
    EXPECT_EQ(world_.login(text).kind, StepKind::PromptHidden) << text;
  }
  EXPECT_EQ(consecutive(), 0);
}

// A hold.

TEST_F(JudgementTest, DuringAHoldTheRightCodeIsNeitherJudgedNorConsumedNorCounted) {
  world_.fail_in_a_row(totp_, 3);
  const auto before = world_.attempts(world_.alice);
  const auto code = world_.code(totp_);
  const auto step = world_.login(code);
  EXPECT_EQ(step.kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::OnHold);
  EXPECT_EQ(world_.attempts(world_.alice).version, before.version);
  wait_out_the_hold();
  EXPECT_EQ(world_.login(code).kind, StepKind::Granted);
}

TEST_F(JudgementTest, DuringAHoldRightAndWrongCodesGetTheSameSteps) {
  world_.fail_in_a_row(totp_, 4);
  auto right = world_.begin();
  auto wrong = world_.begin();
  for (int i = 0; i < 3; ++i) {
    right = world_.answer(right, world_.code(totp_));
    wrong = world_.answer(wrong, world_.wrong_code(totp_));
    EXPECT_EQ(right.kind, wrong.kind);
    EXPECT_EQ(right.text, wrong.text);
    EXPECT_EQ(right.messages.size(), wrong.messages.size());
    EXPECT_EQ(right.reason, wrong.reason);
  }
  EXPECT_EQ(right.kind, StepKind::Denied);  // S03: on hold is no wrong answer
}

struct LadderStep {
  int failures;
  std::chrono::seconds hold;
};

class LadderOfLoginsTest : public JudgementTest, public testing::WithParamInterface<LadderStep> {};

TEST_P(LadderOfLoginsTest, TheRightCodeIsAcceptedWhenTheHoldIsOverAndNotBefore) {
  world_.fail_in_a_row(totp_, GetParam().failures);
  if (GetParam().hold > 0s) {
    world_.clock.advance(GetParam().hold - 1ms);
    EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
    EXPECT_EQ(last_reason(), Reason::OnHold);
    world_.clock.advance(1ms);
  }
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
}

INSTANTIATE_TEST_SUITE_P(Rungs,
                         LadderOfLoginsTest,
                         testing::Values(LadderStep{1, 0s},
                                         LadderStep{2, 0s},
                                         LadderStep{3, 5s},
                                         LadderStep{4, 15s},
                                         LadderStep{5, 30s},
                                         LadderStep{6, 60s},
                                         LadderStep{7, 2min},
                                         LadderStep{8, 5min},
                                         LadderStep{9, 10min}),
                         [](const auto& rung) { return std::to_string(rung.param.failures); });

TEST_F(JudgementTest, AfterTenFailuresOnlyThePresentStepCounts) {
  world_.fail_in_a_row(totp_, 9);
  wait_out_the_hold();
  EXPECT_EQ(world_.login(world_.code(totp_, 1)).kind, StepKind::Granted);  // nine: still three

  world_.clock.advance(24h);
  world_.fail_in_a_row(totp_, 10);
  wait_out_the_hold();
  for (const int neighbour : {-1, 1}) {
    EXPECT_EQ(world_.login(world_.code(totp_, neighbour)).kind, StepKind::PromptHidden);
    EXPECT_EQ(last_reason(), Reason::WrongCode);
    wait_out_the_hold();
  }
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(JudgementTest, ASuccessDoesNotResetTheHoursCap) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted) << i;
    static_cast<void>(world_.login(world_.wrong_code(totp_)));
    world_.clock.advance(30s);
  }
  EXPECT_EQ(consecutive(), 1);  // never two in a row, and still ten within the hour
  static_cast<void>(world_.login(world_.code(totp_), "alice", "198.51.100.1"));
  EXPECT_EQ(last_reason(), Reason::OnHold);
}

TEST_F(JudgementTest, AHundredFailuresInARowDisableShortCodesWithAnAlert) {  // S129
  world_.fail_in_a_row(totp_, 99);
  EXPECT_TRUE(world_.audited(AuditEventType::ShortCodesDisabled).empty());
  world_.fail_in_a_row(totp_, 100);
  EXPECT_EQ(world_.audited(AuditEventType::ShortCodesDisabled).size(), 1U);
  world_.clock.advance(365 * 24h);
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::ShortCodesDisabled);
  EXPECT_EQ(consecutive(), 100);
}

TEST_F(JudgementTest, ARecoveryCodeEnablesShortCodesAgain) {
  const auto codes = world_.recovery_codes(world_.alice);
  world_.fail_in_a_row(totp_, 100);
  world_.clock.advance(25h);
  ASSERT_EQ(world_.login(codes[0]).kind, StepKind::Granted);
  EXPECT_EQ(consecutive(), 0);
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(JudgementTest, ARecoveryCodeEndsNoHoldThatIsNotADisabling) {  // budgets are separate
  const auto codes = world_.recovery_codes(world_.alice);
  world_.fail_in_a_row(totp_, 8);
  ASSERT_EQ(world_.login(codes[0]).kind, StepKind::Granted);
  EXPECT_EQ(consecutive(), 8);
}

TEST_F(JudgementTest, AnAdministratorEnablesShortCodesAgain) {
  world_.fail_in_a_row(totp_, 100);
  ASSERT_TRUE(world_.administration.unlock("alice", "uid 0"));
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(JudgementTest, AHoldIsLeftWithTheWorldWhenItsCauseIsSomebodyElse) {  // one budget a user
  const auto bobs = world_.enroll(world_.bob);
  world_.fail_in_a_row(totp_, 9);
  EXPECT_EQ(world_.login(world_.code(bobs), "bob").kind, StepKind::Granted);
}

TEST_F(JudgementTest, OneBudgetCountsAllAuthenticatorsServicesAndPurposes) {  // S89
  const auto hotp = world_.enroll(world_.alice, MethodType::Hotp);
  static_cast<void>(world_.login(world_.wrong_code(totp_)));
  static_cast<void>(world_.login(world_.wrong_code(hotp), "alice", "198.51.100.1"));
  auto context = world_.context("alice", "");
  context.purpose = Purpose::Test;
  context.service = "twinlock";
  static_cast<void>(world_.answer(world_.engine.begin(context), world_.wrong_code(totp_), {1000}));
  EXPECT_EQ(consecutive(), 3);
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::OnHold);
}

// Lock-out resistance.

class KnownPlaceTest : public JudgementTest {
 protected:
  static constexpr const char* kHome = "192.0.2.10";
  static constexpr const char* kAway = "198.51.100.66";

  KnownPlaceTest() {
    EXPECT_EQ(world_.login(world_.code(totp_), "alice", kHome).kind, StepKind::Granted);
    world_.clock.advance(1min);
  }
  // Somebody elsewhere causes a hold.
  void attack() { world_.fail_in_a_row(totp_, 9); }
};

TEST_F(KnownPlaceTest, AHoldCausedElsewhereLeavesAKnownPlaceOpen) {
  attack();
  EXPECT_EQ(world_.login(world_.code(totp_), "alice", kAway).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(totp_), "alice", kHome).kind, StepKind::Granted);
}

TEST_F(KnownPlaceTest, ItsAllowanceIsFiveFailuresAnHourOfItsOwn) {
  attack();
  const auto before = world_.attempts(world_.alice);
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(world_.login(world_.wrong_code(totp_), "alice", kHome));
    EXPECT_EQ(last_reason(), Reason::WrongCode) << i;
  }
  static_cast<void>(world_.login(world_.code(totp_), "alice", kHome));
  EXPECT_EQ(last_reason(), Reason::OnHold);
  EXPECT_EQ(world_.attempts(world_.alice).version, before.version);
}

TEST_F(KnownPlaceTest, ACodeGrantedThereIsSpentEverywhere) {  // S87
  attack();
  const auto code = world_.code(totp_);
  ASSERT_EQ(world_.login(code, "alice", kHome).kind, StepKind::Granted);
  wait_out_the_hold();
  EXPECT_EQ(world_.login(code, "alice", kAway).kind, StepKind::PromptHidden);
}

TEST_F(KnownPlaceTest, IsForgottenAfterThirtyDays) {
  world_.clock.advance(31 * 24h);
  attack();
  static_cast<void>(world_.login(world_.code(totp_), "alice", kHome));
  EXPECT_EQ(last_reason(), Reason::OnHold);
}

TEST_F(KnownPlaceTest, IsStillKnownAfterTheKeysWereRotated) {  // S118
  world_.ring.rotate();
  attack();
  EXPECT_EQ(world_.login(world_.code(totp_), "alice", kHome).kind, StepKind::Granted);
}

TEST_F(KnownPlaceTest, IsKnownForItsOwnUserOnly) {
  const auto bobs = world_.enroll(world_.bob);
  for (int i = 0; i < 3; ++i)
    static_cast<void>(world_.login(world_.wrong_code(bobs), "bob", kAway));
  static_cast<void>(world_.login(world_.code(bobs), "bob", kHome));
  EXPECT_EQ(last_reason(), Reason::OnHold);
}

TEST_F(KnownPlaceTest, DoesNotOpenWhatAHundredFailuresHaveDisabled) {
  world_.fail_in_a_row(totp_, 100);
  static_cast<void>(world_.login(world_.code(totp_), "alice", kHome));
  EXPECT_EQ(last_reason(), Reason::ShortCodesDisabled);
}

TEST_F(KnownPlaceTest, TheNarrowedWindowHoldsThereToo) {  // 10 and on, window of step 0
  world_.fail_in_a_row(totp_, 10);
  EXPECT_EQ(world_.login(world_.code(totp_, 1), "alice", kHome).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::WrongCode);
  EXPECT_EQ(world_.login(world_.code(totp_), "alice", kHome).kind, StepKind::Granted);
}

TEST_F(KnownPlaceTest, ATestOfOneselfMakesNoPlaceKnown) {
  auto context = world_.context("alice", kAway);
  context.purpose = Purpose::Test;
  ASSERT_EQ(world_.answer(world_.engine.begin(context), world_.code(totp_), {1000}).kind,
            StepKind::Granted);
  world_.clock.advance(1min);
  attack();
  static_cast<void>(world_.login(world_.code(totp_), "alice", kAway));
  EXPECT_EQ(last_reason(), Reason::OnHold);
}

class ConsoleTest : public JudgementTest {
 protected:
  Step at_console(std::string_view text, std::string_view source = "") {
    auto context = world_.context("alice", source);
    context.service = "login";
    context.local_terminal = true;
    return world_.answer(world_.engine.begin(context), text);
  }
};

TEST_F(ConsoleTest, AHoldLeavesTheConsoleOpen) {
  world_.fail_in_a_row(totp_, 9);
  EXPECT_EQ(at_console(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(ConsoleTest, ItsAllowanceIsFiveFailuresAnHourOfItsOwn) {
  world_.fail_in_a_row(totp_, 9);
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(at_console(world_.wrong_code(totp_)));
    EXPECT_EQ(last_reason(), Reason::WrongCode) << i;
  }
  static_cast<void>(at_console(world_.code(totp_)));
  EXPECT_EQ(last_reason(), Reason::OnHold);
}

TEST_F(ConsoleTest, WhoComesFromAnAddressIsAtNoConsole) {  // no source address
  world_.fail_in_a_row(totp_, 9);
  static_cast<void>(at_console(world_.code(totp_), "198.51.100.66"));
  EXPECT_EQ(last_reason(), Reason::OnHold);
}

// Recovery codes.

class RecoveryCodeLoginTest : public JudgementTest {
 protected:
  const std::vector<std::string> codes_ = world_.recovery_codes(world_.alice);
  const std::string unknown_code_ = "0000-0000-0000-0000-0000-0000";
};

TEST_F(RecoveryCodeLoginTest, EachCodeIsGrantedOnce) {  // S105
  for (const auto& code : codes_) {
    EXPECT_EQ(world_.login(code).kind, StepKind::Granted);
    EXPECT_EQ(world_.login(code).kind, StepKind::PromptHidden);
    EXPECT_EQ(last_reason(), Reason::WrongCode);
    world_.clock.advance(30min);
  }
}

TEST_F(RecoveryCodeLoginTest, IsGrantedThoughTheFactorIsOff) {  // design: settled points
  ASSERT_TRUE(world_.memory.set_factor(Factor::RecoveryCode, false, {}));
  ASSERT_TRUE(world_.memory.set_factor(Factor::Otp, false, {}));
  EXPECT_EQ(world_.login(codes_[0]).kind, StepKind::Granted);
}

TEST_F(RecoveryCodeLoginTest, AnotherSetEndsTheOldOne) {  // S105
  const auto fresh = world_.recovery_codes(world_.alice);
  EXPECT_EQ(world_.login(codes_[0]).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(fresh[0]).kind, StepKind::Granted);
}

TEST_F(RecoveryCodeLoginTest, AnothersCodesAreNobodyElses) {
  world_.recovery_codes(world_.bob);
  EXPECT_EQ(world_.login(codes_[0], "bob").kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(codes_[0]).kind, StepKind::Granted);
}

TEST_F(RecoveryCodeLoginTest, AHoldOfShortCodesNeverBlocksThem) {
  world_.fail_in_a_row(totp_, 9);
  EXPECT_EQ(world_.login(codes_[0]).kind, StepKind::Granted);
}

TEST_F(RecoveryCodeLoginTest, FiveWrongOnesHoldThemAndNothingElse) {  // own counter
  for (int i = 0; i < 5; ++i) static_cast<void>(world_.login(unknown_code_));
  EXPECT_EQ(consecutive(), 0);
  static_cast<void>(world_.login(codes_[0]));
  EXPECT_EQ(last_reason(), Reason::OnHold);
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
  world_.clock.advance(15min);
  EXPECT_EQ(world_.login(codes_[0]).kind, StepKind::Granted);
}

TEST_F(RecoveryCodeLoginTest, TheLastTwoAreRemarkedUpon) {  // S106
  for (std::size_t used = 1; used <= codes_.size(); ++used) {
    const auto step = world_.login(codes_[used - 1]);
    ASSERT_EQ(step.kind, StepKind::Granted);
    EXPECT_EQ(step.messages.size(), used >= 8 ? 1U : 0U) << used;
  }
}

TEST_F(RecoveryCodeLoginTest, SurvivesTheRotationOfItsKeyAndNotItsLoss) {  // S118
  world_.ring.rotate();
  EXPECT_EQ(world_.login(codes_[0]).kind, StepKind::Granted);
  world_.ring.lose(1);
  EXPECT_EQ(world_.login(codes_[1]).kind, StepKind::Unavailable);
}

// HOTP.

class HotpLoginTest : public JudgementTest {
 protected:
  OtpCredential hotp_ = world_.enroll(world_.alice, MethodType::Hotp);
};

TEST_F(HotpLoginTest, LooksTenCountersAheadAndNoFurther) {  // S91
  EXPECT_EQ(world_.login(world_.code(hotp_, 10)).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(hotp_, 9)).kind, StepKind::Granted);
}

TEST_F(HotpLoginTest, NeverMovesBack) {  // S91
  ASSERT_EQ(world_.login(world_.code(hotp_, 5)).kind, StepKind::Granted);
  for (const int earlier : {5, 4, 0}) {
    EXPECT_EQ(world_.login(world_.code(hotp_, earlier)).kind, StepKind::PromptHidden) << earlier;
    wait_out_the_hold();
  }
  EXPECT_EQ(world_.login(world_.code(hotp_, 6)).kind, StepKind::Granted);
}

TEST_F(HotpLoginTest, WrongCodesDoNotMoveTheCounter) {  // S91
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(world_.login(world_.wrong_code(hotp_)));
    wait_out_the_hold();
  }
  EXPECT_EQ(world_.login(world_.code(hotp_, 0)).kind, StepKind::Granted);
}

// S90: a clock that stands behind the latest time ever seen.

TEST_F(JudgementTest, WithAClockSetBackTotpIsUnavailableAndTheLogSaysWhy) {  // S90
  const auto code = world_.code(totp_);
  ASSERT_TRUE(world_.memory.raise_latest_time(world_.clock.wall() + 121s));
  const auto step = world_.login(code);
  EXPECT_EQ(step.kind, StepKind::Unavailable);
  EXPECT_EQ(step.reason, Reason::ClockBehind);
  EXPECT_EQ(consecutive(), 0);
  ASSERT_FALSE(world_.log.problems().empty());
  EXPECT_EQ(world_.log.problems().back().severity, Severity::Alert);
}

TEST_F(JudgementTest, TwoMinutesBehindAreForgiven) {  // S90
  ASSERT_TRUE(world_.memory.raise_latest_time(world_.clock.wall() + 120s));
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(JudgementTest, WithAClockSetBackTheOtherFactorsWork) {  // S90, S136
  const auto hotp = world_.enroll(world_.alice, MethodType::Hotp);
  const auto codes = world_.recovery_codes(world_.alice);
  ASSERT_TRUE(world_.memory.raise_latest_time(world_.clock.wall() + 1h));
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(hotp)).kind, StepKind::Granted);
  EXPECT_EQ(world_.login(codes[0]).kind, StepKind::Granted);
}

// S37, S49: what never satisfies.

TEST_F(JudgementTest, ANameThatCameBackWithAnotherUidHasNothing) {  // S37
  const auto codes = world_.recovery_codes(world_.alice);
  world_.directory.add({"alice", 2000});
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::ForeignUid);
  EXPECT_EQ(world_.login(codes[0]).kind, StepKind::PromptHidden);
}

TEST_F(JudgementTest, EverySpellingOfANameSharesOneState) {  // S37
  world_.directory.add_alias("ALICE", "alice");
  world_.directory.add_alias("alice@EXAMPLE", "alice");
  const auto code = world_.code(totp_);
  EXPECT_EQ(world_.login(world_.wrong_code(totp_), "ALICE").kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.wrong_code(totp_), "alice@EXAMPLE").kind, StepKind::PromptHidden);
  EXPECT_EQ(consecutive(), 2);
  EXPECT_EQ(world_.login(code, "ALICE").kind, StepKind::Granted);
  EXPECT_EQ(world_.login(code, "alice").kind, StepKind::PromptHidden);
}

TEST_F(JudgementTest, AnUnconfirmedMethodNeverSatisfies) {  // S49
  const auto pending = world_.start(world_.bob);
  EXPECT_EQ(world_.login(world_.code(pending), "bob").kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::NotEnrolled);
}

TEST_F(JudgementTest, ARemovedMethodNeverSatisfies) {  // S49
  ASSERT_TRUE(world_.enrollment.remove(world_.alice, totp_.id, world_.administrator));
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::NotEnrolled);
}

TEST_F(JudgementTest, AMethodWhoseFactorIsOffNeverSatisfies) {  // S49
  ASSERT_TRUE(world_.memory.set_factor(Factor::Otp, false, {}));
  const auto code = world_.code(totp_);
  EXPECT_EQ(world_.login(code).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::FactorDisabled);
  ASSERT_TRUE(world_.memory.set_factor(Factor::Otp, true, {}));
  EXPECT_EQ(world_.login(code).kind, StepKind::Granted);
}

TEST_F(JudgementTest, TheCodeOfAnotherUserNeverSatisfies) {
  const auto bobs = world_.enroll(world_.bob);
  EXPECT_EQ(world_.login(world_.code(bobs), "alice").kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(bobs), "bob").kind, StepKind::Granted);
}

class OtpParametersTest : public JudgementTest,
                          public testing::WithParamInterface<OtpParameters> {};

TEST_P(OtpParametersTest, LogIn) {
  const auto method = world_.enroll(world_.bob, MethodType::Totp, GetParam());
  EXPECT_EQ(world_.code(method).size(), static_cast<std::size_t>(GetParam().digits));
  EXPECT_EQ(world_.login(world_.code(method), "bob").kind, StepKind::Granted);
}

INSTANTIATE_TEST_SUITE_P(EveryKind,
                         OtpParametersTest,
                         testing::Values(OtpParameters{HashAlgorithm::Sha1, 6, 30s},
                                         OtpParameters{HashAlgorithm::Sha1, 8, 60s},
                                         OtpParameters{HashAlgorithm::Sha256, 6, 60s},
                                         OtpParameters{HashAlgorithm::Sha512, 8, 30s}));

}  // namespace
}  // namespace twinlock
