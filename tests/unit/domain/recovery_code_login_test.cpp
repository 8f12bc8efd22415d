// SPDX-License-Identifier: MIT
#include "tests/unit/domain/judgement_fixture.h"

namespace twinlock {
namespace {

using wire::StepKind;

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

}  // namespace
}  // namespace twinlock
