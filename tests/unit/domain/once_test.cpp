// SPDX-License-Identifier: MIT
//
// What may happen once, tried by many threads at the same moment.
#include <gtest/gtest.h>

#include <algorithm>
#include <latch>
#include <thread>

#include "tests/unit/domain/login_world.h"

namespace twinlock {
namespace {

using wire::StepKind;

// Gives every conversation its answer, all at once, and returns the steps in the same order.
std::vector<Step> answer_at_once(LoginWorld& world,
                                 const std::vector<Step>& asked,
                                 const std::vector<std::string>& answers) {
  std::vector<Step> steps(asked.size());
  std::latch start(static_cast<std::ptrdiff_t>(asked.size()));
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      threads.emplace_back([&world, &asked, &answers, &steps, &start, i] {
        start.arrive_and_wait();
        steps[i] = world.answer(asked[i], answers[i]);
      });
    }
  }
  return steps;
}

std::ptrdiff_t count(const std::vector<Step>& steps, StepKind kind) {
  return std::count_if(
      steps.begin(), steps.end(), [kind](const Step& step) { return step.kind == kind; });
}

class OnceTest : public testing::Test {
 protected:
  // From no address, so that no place becomes known and has an allowance of its own.
  std::vector<Step> conversations(int number) {
    std::vector<Step> asked;
    asked.reserve(static_cast<std::size_t>(number));
    for (int i = 0; i < number; ++i) asked.push_back(world_.begin("alice", ""));
    return asked;
  }
  int wrong_codes_written_down() {
    int found = 0;
    for (const auto& event : world_.audited(AuditEventType::LoginDenied)) {
      found += event.reason == Reason::WrongCode ? 1 : 0;
    }
    return found;
  }

  LoginWorld world_;
  const OtpCredential totp_ = world_.enroll(world_.alice);
};

TEST_F(OnceTest, OfSixteenRacingLoginsWithOneCodeOneIsGranted) {  // S87
  for (int round = 0; round < 8; ++round) {
    const auto asked = conversations(16);
    const auto steps =
        answer_at_once(world_, asked, std::vector<std::string>(16, world_.code(totp_)));
    EXPECT_EQ(count(steps, StepKind::Granted), 1);
    EXPECT_EQ(count(steps, StepKind::PromptHidden), 15);
    // The others count as failures or were put off by the hold that those caused.
    world_.clock.advance(24h);
    ASSERT_TRUE(world_.administration.unlock("alice", "uid 0"));
  }
}

TEST_F(OnceTest, OfSixteenRacingAnswersToOneConversationOneIsJudged) {  // S41
  const auto asked = world_.begin();
  const auto steps = answer_at_once(
      world_, std::vector<Step>(16, asked), std::vector<std::string>(16, world_.wrong_code(totp_)));
  EXPECT_EQ(count(steps, StepKind::PromptHidden), 1);
  EXPECT_EQ(count(steps, StepKind::Denied), 15);
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 1);
}

TEST_F(OnceTest, OfSixteenRacingUsesOfOneRecoveryCodeOneIsGranted) {  // S105
  const auto codes = world_.recovery_codes(world_.alice);
  const auto steps =
      answer_at_once(world_, conversations(16), std::vector<std::string>(16, codes[0]));
  EXPECT_EQ(count(steps, StepKind::Granted), 1);
}

TEST_F(OnceTest, OfTwoHundredParallelGuessesNoMoreThanTheBudgetAreJudged) {  // S88
  const auto steps = answer_at_once(
      world_, conversations(200), std::vector<std::string>(200, world_.wrong_code(totp_)));
  EXPECT_EQ(count(steps, StepKind::Granted), 0);
  int judged = 0;
  int held = 0;
  for (const auto& record : world_.audited(AuditEventType::LoginDenied)) {
    judged += record.reason == Reason::WrongCode ? 1 : 0;
    held += record.reason == Reason::OnHold ? 1 : 0;
  }
  EXPECT_EQ(judged, 3);  // then the first hold begins
  EXPECT_EQ(held, 20);   // and of the rest, as many as are written down a minute
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 3);
  EXPECT_EQ(world_.attempts(world_.alice).failures.size(), 3U);
  EXPECT_EQ(count(steps, StepKind::PromptHidden), 200);
}

TEST_F(OnceTest, ARightCodeAmongGuessesLosesNoneOfTheirCounts) {  // S88
  for (int round = 0; round < 8; ++round) {
    const auto before = wrong_codes_written_down();
    std::vector<std::string> answers(8, world_.wrong_code(totp_));
    answers[4] = world_.code(totp_);
    static_cast<void>(answer_at_once(world_, conversations(8), answers));
    // Counted each, and put back for the right one alone.
    const auto judged = wrong_codes_written_down() - before;
    EXPECT_EQ(static_cast<int>(world_.attempts(world_.alice).failures.size()), judged);
    // Two beside the right one, whose own count holds up the rest; three more if they come later.
    EXPECT_GE(judged, 2);
    EXPECT_LE(judged, 5);
    ASSERT_TRUE(world_.administration.unlock("alice", "uid 0"));
    world_.clock.advance(1h);
  }
}

}  // namespace
}  // namespace twinlock
