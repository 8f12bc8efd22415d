// SPDX-License-Identifier: MIT
//
// S90: a clock that stands behind the latest time ever seen.
#include "tests/unit/domain/judgement_fixture.h"

namespace twinlock {
namespace {

using wire::StepKind;

class ClockBehindTest : public JudgementTest {};

TEST_F(ClockBehindTest, WithAClockSetBackTotpIsUnavailableAndTheLogSaysWhy) {  // S90
  const auto code = world_.code(totp_);
  ASSERT_TRUE(world_.memory.raise_latest_time(world_.clock.wall() + 121s));
  const auto step = world_.login(code);
  EXPECT_EQ(step.kind, StepKind::Unavailable);
  EXPECT_EQ(step.reason, Reason::ClockBehind);
  EXPECT_EQ(consecutive(), 0);
  ASSERT_FALSE(world_.log.problems().empty());
  EXPECT_EQ(world_.log.problems().back().severity, Severity::Alert);
}

TEST_F(ClockBehindTest, TwoMinutesBehindAreForgiven) {  // S90
  ASSERT_TRUE(world_.memory.raise_latest_time(world_.clock.wall() + 120s));
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(ClockBehindTest, WithAClockSetBackTheOtherFactorsWork) {  // S90, S136
  const auto hotp = world_.enroll(world_.alice, MethodType::Hotp);
  const auto codes = world_.recovery_codes(world_.alice);
  ASSERT_TRUE(world_.memory.raise_latest_time(world_.clock.wall() + 1h));
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(hotp)).kind, StepKind::Granted);
  EXPECT_EQ(world_.login(codes[0]).kind, StepKind::Granted);
}

}  // namespace
}  // namespace twinlock
