// SPDX-License-Identifier: MIT
#include "tests/unit/domain/judgement_fixture.h"

namespace twinlock {
namespace {

using wire::StepKind;

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

}  // namespace
}  // namespace twinlock
