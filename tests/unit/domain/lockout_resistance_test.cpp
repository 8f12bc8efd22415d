// SPDX-License-Identifier: MIT
//
// What a hold that somebody else has caused leaves open.
#include "tests/unit/domain/judgement_fixture.h"

namespace twinlock {
namespace {

using wire::StepKind;

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

// A program that runs as the user can test without any password.
class TestOfOneselfTest : public JudgementTest {
 protected:
  Step test(std::string_view text) {
    auto context = world_.context("alice", "");
    context.purpose = Purpose::Test;
    return world_.answer(world_.engine.begin(context), text, {world_.alice.uid});
  }
};

TEST_F(TestOfOneselfTest, NeverAddsUpToWhatDisablesCodes) {
  for (int hours = 0; hours < 300; ++hours) {
    world_.clock.advance(1h);
    static_cast<void>(test(world_.wrong_code(totp_)));
  }
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, kNarrowWindowFailures);
  EXPECT_EQ(last_reason(), Reason::OnHold);
  EXPECT_EQ(world_.login(world_.code(totp_), "alice", "192.0.2.10").kind, StepKind::Granted);
  world_.clock.advance(1h);
  EXPECT_EQ(test(world_.code(totp_)).kind, StepKind::Granted);
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

// What sudo and su report: no address, and who runs them.
class OwnSessionTest : public JudgementTest {
 protected:
  OwnSessionTest() { world_.fail_in_a_row(totp_, 9); }

  Step in_session(std::string_view text,
                  std::string_view service = "sudo",
                  std::string_view ruser = "alice",
                  std::string_view source = "") {
    auto context = world_.context("alice", source);
    context.service = service;
    context.ruser = ruser;
    return world_.answer(world_.engine.begin(context), text);
  }
};

TEST_F(OwnSessionTest, AHoldLeavesSudoOpenToTheUserWhoRunsIt) {
  EXPECT_EQ(in_session(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(OwnSessionTest, ItsAllowanceIsFiveFailuresAnHourOfItsOwn) {
  const auto before = world_.attempts(world_.alice);
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(in_session(world_.wrong_code(totp_)));
    EXPECT_EQ(last_reason(), Reason::WrongCode) << i;
  }
  static_cast<void>(in_session(world_.code(totp_)));
  EXPECT_EQ(last_reason(), Reason::OnHold);
  EXPECT_EQ(world_.attempts(world_.alice).version, before.version);
  EXPECT_EQ(world_.attempts(world_.alice, Budget::Console).version, 0) << "the console's is whole";
}

TEST_F(OwnSessionTest, SomebodyElseWhoBecomesTheUserIsInNoSessionOfIts) {
  for (const auto* other : {"bob", "", "Alice"}) {
    static_cast<void>(in_session(world_.code(totp_), "su", other));
    EXPECT_EQ(last_reason(), Reason::OnHold) << other;
  }
}

// rlogind's word for who runs it comes from the network.
TEST_F(OwnSessionTest, ProgramsThatDontKnowWhoRunsThemAreNotBelieved) {  // S14
  for (const auto* service : {"sshd", "login", "rlogin", "cron", "sudo2"}) {
    static_cast<void>(in_session(world_.code(totp_), service));
    EXPECT_EQ(last_reason(), Reason::OnHold) << service;
  }
  static_cast<void>(in_session(world_.code(totp_), "sudo", "alice", "198.51.100.66"));
  EXPECT_EQ(last_reason(), Reason::OnHold) << "an address";
}

TEST_F(OwnSessionTest, WhatOthersBeginInItsNameLeavesTheSessionItsOwnShare) {
  LoginSettings settings;
  settings.limits = {5, 3};
  world_.engine.configure(settings);
  for (int i = 0; i < 4; ++i) static_cast<void>(in_session("000000", "su", "bob"));
  EXPECT_EQ(last_reason(), Reason::TooManyConversations);
  EXPECT_EQ(in_session(world_.code(totp_)).kind, StepKind::Granted);
}

}  // namespace
}  // namespace twinlock
