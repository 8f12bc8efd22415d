// SPDX-License-Identifier: MIT
//
// S37, S49: what never satisfies.
#include "tests/unit/domain/judgement_fixture.h"

namespace twinlock {
namespace {

using wire::StepKind;

class NeverSatisfiesTest : public JudgementTest {};

TEST_F(NeverSatisfiesTest, ANameThatCameBackWithAnotherUidHasNothing) {  // S37
  const auto codes = world_.recovery_codes(world_.alice);
  world_.directory.add({"alice", 2000});
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::ForeignUid);
  EXPECT_EQ(world_.login(codes[0]).kind, StepKind::PromptHidden);
}

TEST_F(NeverSatisfiesTest, EverySpellingOfANameSharesOneState) {  // S37
  world_.directory.add_alias("ALICE", "alice");
  world_.directory.add_alias("alice@EXAMPLE", "alice");
  const auto code = world_.code(totp_);
  EXPECT_EQ(world_.login(world_.wrong_code(totp_), "ALICE").kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.wrong_code(totp_), "alice@EXAMPLE").kind, StepKind::PromptHidden);
  EXPECT_EQ(consecutive(), 2);
  EXPECT_EQ(world_.login(code, "ALICE").kind, StepKind::Granted);
  EXPECT_EQ(world_.login(code, "alice").kind, StepKind::PromptHidden);
}

TEST_F(NeverSatisfiesTest, AnUnconfirmedMethodNeverSatisfies) {  // S49
  const auto pending = world_.start(world_.bob);
  EXPECT_EQ(world_.login(world_.code(pending), "bob").kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::NotEnrolled);
}

TEST_F(NeverSatisfiesTest, ARemovedMethodNeverSatisfies) {  // S49
  ASSERT_TRUE(world_.enrollment.remove(world_.alice, totp_.id, world_.administrator));
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::NotEnrolled);
}

TEST_F(NeverSatisfiesTest, AMethodWhoseFactorIsOffNeverSatisfies) {  // S49
  ASSERT_TRUE(world_.memory.set_factor(Factor::Otp, false, {}));
  const auto code = world_.code(totp_);
  EXPECT_EQ(world_.login(code).kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::FactorDisabled);
  ASSERT_TRUE(world_.memory.set_factor(Factor::Otp, true, {}));
  EXPECT_EQ(world_.login(code).kind, StepKind::Granted);
}

TEST_F(NeverSatisfiesTest, TheCodeOfAnotherUserNeverSatisfies) {
  const auto bobs = world_.enroll(world_.bob);
  EXPECT_EQ(world_.login(world_.code(bobs), "alice").kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(bobs), "bob").kind, StepKind::Granted);
}

}  // namespace
}  // namespace twinlock
