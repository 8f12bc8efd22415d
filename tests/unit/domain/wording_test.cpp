// SPDX-License-Identifier: MIT
#include "daemon/domain/wording.h"

#include <gtest/gtest.h>

namespace twinlock {
namespace {

Conversation in_phase(Phase phase, int answers = 0, Reason reason = Reason::None) {
  Conversation conversation;
  conversation.phase = phase;
  conversation.answers = answers;
  conversation.reason = reason;
  return conversation;
}

TEST(WordingTest, EveryPhaseIsAStepOfItsOwnKind) {
  EXPECT_EQ(step_of(in_phase(Phase::Asking)).kind, wire::StepKind::PromptHidden);
  EXPECT_EQ(step_of(in_phase(Phase::Granted)).kind, wire::StepKind::Granted);
  EXPECT_EQ(step_of(in_phase(Phase::Exempt)).kind, wire::StepKind::Exempt);
  EXPECT_EQ(step_of(in_phase(Phase::Denied)).kind, wire::StepKind::Denied);
  EXPECT_EQ(step_of(in_phase(Phase::Exhausted)).kind, wire::StepKind::Exhausted);
  EXPECT_EQ(step_of(in_phase(Phase::Unavailable)).kind, wire::StepKind::Unavailable);
}

TEST(WordingTest, APhaseThatIsNoneDenies) {  // S145
  EXPECT_EQ(step_of(in_phase(static_cast<Phase>(0))).kind, wire::StepKind::Unavailable);
  EXPECT_EQ(step_of(in_phase(static_cast<Phase>(99))).kind, wire::StepKind::Unavailable);
}

TEST(WordingTest, ThePromptsWordsNeverChange) {
  EXPECT_EQ(step_of(in_phase(Phase::Asking, 0)).text, "Verification code: ");
  EXPECT_EQ(step_of(in_phase(Phase::Asking, 2)).text, "Verification code: ");
  EXPECT_TRUE(step_of(in_phase(Phase::Asking, 0)).messages.empty());
  EXPECT_EQ(step_of(in_phase(Phase::Asking, 2)).messages.size(), 1U);
}

TEST(WordingTest, NoWordTellsWhyACodeWasRefused) {  // S25
  for (int reason = 0; reason < 28; ++reason) {
    for (const auto phase : {Phase::Asking, Phase::Denied, Phase::Exhausted}) {
      const auto step = step_of(in_phase(phase, 1, static_cast<Reason>(reason)));
      const auto plain = step_of(in_phase(phase, 1, Reason::WrongCode));
      EXPECT_EQ(step.text, plain.text) << reason;
      ASSERT_EQ(step.messages.size(), plain.messages.size());
      for (std::size_t i = 0; i < step.messages.size(); ++i) {
        EXPECT_EQ(step.messages[i].text, plain.messages[i].text);
      }
    }
  }
}

TEST(WordingTest, APromptCarriesNoReason) {
  EXPECT_EQ(step_of(in_phase(Phase::Asking, 1, Reason::OnHold)).reason, Reason::None);
}

TEST(WordingTest, TheRemarkOnRecoveryCodesCountsThem) {  // S106
  EXPECT_EQ(recovery_codes_left(2).text.substr(0, 28), "2 recovery codes are left. M");
  EXPECT_EQ(recovery_codes_left(1).text.substr(0, 27), "1 recovery code is left. Ma");
  EXPECT_EQ(recovery_codes_left(0).text.substr(0, 29), "No recovery codes are left. M");
}

}  // namespace
}  // namespace twinlock
