// SPDX-License-Identifier: MIT
//
// Holds after wrong codes, and what ends them.
#include "tests/unit/domain/judgement_fixture.h"

namespace twinlock {
namespace {

using wire::StepKind;

class HoldTest : public JudgementTest {};

TEST_F(HoldTest, DuringAHoldTheRightCodeIsNeitherJudgedNorConsumedNorCounted) {
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

TEST_F(HoldTest, DuringAHoldRightAndWrongCodesGetTheSameSteps) {
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

TEST_F(HoldTest, AfterTenFailuresOnlyThePresentStepCounts) {
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

TEST_F(HoldTest, ASuccessDoesNotResetTheHoursCap) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted) << i;
    static_cast<void>(world_.login(world_.wrong_code(totp_)));
    world_.clock.advance(30s);
  }
  EXPECT_EQ(consecutive(), 1);  // never two in a row, and still ten within the hour
  static_cast<void>(world_.login(world_.code(totp_), "alice", "198.51.100.1"));
  EXPECT_EQ(last_reason(), Reason::OnHold);
}

TEST_F(HoldTest, AHundredFailuresInARowDisableShortCodesWithAnAlert) {  // S129
  world_.fail_in_a_row(totp_, 99);
  EXPECT_TRUE(world_.audited(AuditEventType::ShortCodesDisabled).empty());
  world_.fail_in_a_row(totp_, 100);
  EXPECT_EQ(world_.audited(AuditEventType::ShortCodesDisabled).size(), 1U);
  world_.clock.advance(365 * 24h);
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::ShortCodesDisabled);
  EXPECT_EQ(consecutive(), 100);
}

TEST_F(HoldTest, ARecoveryCodeEnablesShortCodesAgain) {
  const auto codes = world_.recovery_codes(world_.alice);
  world_.fail_in_a_row(totp_, 100);
  world_.clock.advance(25h);
  ASSERT_EQ(world_.login(codes[0]).kind, StepKind::Granted);
  EXPECT_EQ(consecutive(), 0);
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(HoldTest, ARecoveryCodeEndsNoHoldThatIsNotADisabling) {  // budgets are separate
  const auto codes = world_.recovery_codes(world_.alice);
  world_.fail_in_a_row(totp_, 8);
  ASSERT_EQ(world_.login(codes[0]).kind, StepKind::Granted);
  EXPECT_EQ(consecutive(), 8);
}

TEST_F(HoldTest, AnAdministratorEnablesShortCodesAgain) {
  world_.fail_in_a_row(totp_, 100);
  ASSERT_TRUE(world_.administration.unlock("alice", "uid 0"));
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(HoldTest, AHoldIsLeftWithTheWorldWhenItsCauseIsSomebodyElse) {  // one budget a user
  const auto bobs = world_.enroll(world_.bob);
  world_.fail_in_a_row(totp_, 9);
  EXPECT_EQ(world_.login(world_.code(bobs), "bob").kind, StepKind::Granted);
}

TEST_F(HoldTest, OneBudgetCountsAllAuthenticatorsServicesAndPurposes) {  // S89
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

}  // namespace
}  // namespace twinlock
