// SPDX-License-Identifier: MIT
#include "daemon/domain/judgement.h"

#include "tests/unit/domain/judgement_fixture.h"

namespace twinlock {
namespace {

using wire::StepKind;

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
