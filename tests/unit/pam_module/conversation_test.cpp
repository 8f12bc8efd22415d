// SPDX-License-Identifier: MIT
#include "pam_module/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "pam_module/boundary.h"
#include "tests/unit/pam_module/pam_login.h"
#include "tests/unit/pam_module/scripted_login_service.h"

namespace twinlock::pam {
namespace {

using namespace std::chrono_literals;
using test::fails_with;
using test::says;
using test::ScriptedLoginService;
using testing::ElementsAre;
using testing::Not;
using wire::StepKind;

constexpr const char* kPrompt = "Verification code: ";

// A clock that moves when it is told to, and by each pause.
class MovedClock final : public Clock {
 public:
  TimePoint now() override { return now_; }
  void pause(std::chrono::milliseconds length) override {
    ++pauses;
    now_ += length;
  }
  void advance(std::chrono::milliseconds length) { now_ += length; }

  int pauses = 0;

 private:
  TimePoint now_;
};

class ConversationTest : public testing::Test {
 protected:
  int run(ScriptedLoginService& daemon, bool silent = false) {
    User user(login_.handle(), {}, silent);
    const Log log(login_.handle());
    Conversation conversation(login_.handle(), daemon, user, log, {clock_, clock_.now() + 90s});
    return within_boundary(log, [&conversation] { return conversation.run(); });
  }

  test::PamLogin login_{"sshd", "alice", "auth required pam_deny.so\n"};
  MovedClock clock_;
};

TEST_F(ConversationTest, CarriesPromptsAndAnswersUntilTheDaemonGrants) {
  ScriptedLoginService daemon({says(StepKind::PromptHidden, kPrompt),
                               says(StepKind::PromptHidden, kPrompt),
                               says(StepKind::Granted)});
  login_.answers = {"111111", "222222"};
  EXPECT_EQ(run(daemon), PAM_SUCCESS);
  EXPECT_THAT(daemon.answers, ElementsAre("111111", "222222"));
  EXPECT_EQ(daemon.contexts.at(0).user, "alice");
  EXPECT_EQ(daemon.cancelled, 0);
}

struct Outcome {
  StepKind decision;
  int code;
};

class Decision : public ConversationTest, public testing::WithParamInterface<Outcome> {};

TEST_P(Decision, HasItsPamCode) {  // S02, S03
  ScriptedLoginService at_once({says(GetParam().decision)});
  EXPECT_EQ(run(at_once), GetParam().code);
  ScriptedLoginService after_an_answer(
      {says(StepKind::PromptHidden, kPrompt), says(GetParam().decision)});
  login_.answers = {"123456"};
  EXPECT_EQ(run(after_an_answer), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(S03,
                         Decision,
                         testing::Values(Outcome{StepKind::Granted, PAM_SUCCESS},
                                         Outcome{StepKind::Exempt, PAM_IGNORE},
                                         Outcome{StepKind::Denied, PAM_AUTH_ERR},
                                         Outcome{StepKind::Exhausted, PAM_MAXTRIES},
                                         Outcome{StepKind::Unavailable, PAM_AUTHINFO_UNAVAIL},
                                         Outcome{StepKind::Assert, PAM_AUTHINFO_UNAVAIL}));

class DaemonFailure : public ConversationTest, public testing::WithParamInterface<ErrorCode> {};

TEST_P(DaemonFailure, IsUnavailableAndNothingElse) {  // S03, S28
  ScriptedLoginService at_begin({fails_with(GetParam())});
  EXPECT_EQ(run(at_begin), PAM_AUTHINFO_UNAVAIL);
  ScriptedLoginService at_answer({says(StepKind::PromptHidden, kPrompt), fails_with(GetParam())});
  login_.answers = {"123456"};
  EXPECT_EQ(run(at_answer), PAM_AUTHINFO_UNAVAIL);
  EXPECT_THAT(login_.texts(PAM_ERROR_MSG),
              ElementsAre("Second factor unavailable.", "Second factor unavailable."));
}

INSTANTIATE_TEST_SUITE_P(S28,
                         DaemonFailure,
                         testing::Values(ErrorCode::NotFound,
                                         ErrorCode::Unavailable,
                                         ErrorCode::Internal,
                                         ErrorCode::InvalidInput));

TEST_F(ConversationTest, ThatFailsAtAPromptIsCancelledAndSendsNothing) {  // S04
  ScriptedLoginService daemon({says(StepKind::PromptHidden, kPrompt), says(StepKind::Granted)});
  EXPECT_EQ(run(daemon), PAM_CONV_ERR);
  EXPECT_THAT(daemon.answers, ElementsAre());
  EXPECT_EQ(daemon.cancelled, 1);
}

TEST_F(ConversationTest, WithAnEmptyAnswerSendsNothing) {  // S04
  for (const char* const odd : {"", "12\n34", "\x03"}) {
    ScriptedLoginService daemon({says(StepKind::PromptHidden, kPrompt), says(StepKind::Granted)});
    login_.answers = {odd};
    EXPECT_EQ(run(daemon), PAM_CONV_ERR);
    EXPECT_THAT(daemon.answers, ElementsAre());
    EXPECT_EQ(daemon.cancelled, 1);
  }
}

TEST_F(ConversationTest, ThatCantShowAMessageIsNotGranted) {  // S04
  login_.person = [](const pam_message&, pam_response**) { return PAM_CONV_ERR; };
  const std::vector<Message> messages = {{wire::MessageKind::Error, "Look here."}};
  for (const auto kind : {StepKind::Granted, StepKind::Exempt, StepKind::PromptHidden}) {
    ScriptedLoginService before({says(Step{messages, kind, "", ""})});
    EXPECT_EQ(run(before), PAM_CONV_ERR);
  }
  ScriptedLoginService beside({says(StepKind::Granted, "Welcome.")});
  EXPECT_EQ(run(beside), PAM_CONV_ERR);
}

TEST_F(ConversationTest, WithoutAnybodyToAskIsDeniedUnlessExempt) {  // S27
  const pam_conv nobody{nullptr, nullptr};
  login_.set(PAM_CONV, &nobody);
  ScriptedLoginService asks({says(StepKind::PromptHidden, kPrompt), says(StepKind::Granted)});
  EXPECT_EQ(run(asks), PAM_CONV_ERR);
  EXPECT_THAT(asks.answers, ElementsAre());
  EXPECT_EQ(asks.contexts.at(0).capabilities & wire::kInteractive, 0U);
  ScriptedLoginService exempts({says(StepKind::Exempt)});
  EXPECT_EQ(run(exempts), PAM_IGNORE);
}

TEST_F(ConversationTest, IsDeniedWhereTheUserIsNoLongerTheOneJudged) {  // S13
  for (const auto decision : {StepKind::Granted, StepKind::Exempt}) {
    login_.set(PAM_USER, "alice");
    login_.person = [this](const pam_message& message, pam_response** reply) {
      if (message.msg_style == PAM_PROMPT_ECHO_OFF) *reply = test::reply_with("123456");
      login_.set(PAM_USER, "root");
      return PAM_SUCCESS;
    };
    ScriptedLoginService daemon({says(StepKind::PromptHidden, kPrompt), says(decision)});
    EXPECT_EQ(run(daemon), PAM_AUTH_ERR);
  }
}

TEST_F(ConversationTest, NoticesAUserChangedByTheVeryLastMessage) {  // S13
  login_.person = [this](const pam_message&, pam_response**) {
    login_.set(PAM_USER, "root");
    return PAM_SUCCESS;
  };
  ScriptedLoginService daemon({says(StepKind::Granted, "Welcome.")});
  EXPECT_EQ(run(daemon), PAM_AUTH_ERR);
}

TEST_F(ConversationTest, AboutNobodyIsDeniedWithoutTheDaemon) {
  login_.set(PAM_USER, nullptr);
  ScriptedLoginService daemon({says(StepKind::Granted)});
  EXPECT_EQ(run(daemon), PAM_AUTH_ERR);
  EXPECT_TRUE(daemon.contexts.empty());
}

TEST_F(ConversationTest, ThatTakesTooLongIsCancelledAndDenied) {  // S23
  login_.person = [this](const pam_message& message, pam_response** reply) {
    if (message.msg_style == PAM_PROMPT_ECHO_OFF) *reply = test::reply_with("123456");
    clock_.advance(90s);
    return PAM_SUCCESS;
  };
  ScriptedLoginService daemon({says(StepKind::PromptHidden, kPrompt), says(StepKind::Granted)});
  EXPECT_EQ(run(daemon), PAM_AUTH_ERR);
  EXPECT_THAT(daemon.answers, ElementsAre());
  EXPECT_EQ(daemon.cancelled, 1);
}

TEST_F(ConversationTest, WaitsByAskingAgainWithNothing) {
  ScriptedLoginService daemon(
      {says(StepKind::Wait), says(StepKind::Wait), says(StepKind::Granted)});
  EXPECT_EQ(run(daemon), PAM_SUCCESS);
  EXPECT_THAT(daemon.answers, ElementsAre("", ""));
  EXPECT_EQ(clock_.pauses, 2);
  EXPECT_TRUE(login_.shown.empty());
}

TEST_F(ConversationTest, WaitsNoLongerThanItsDeadline) {  // S23
  ScriptedLoginService daemon(std::deque<ScriptedLoginService::Line>(1000, says(StepKind::Wait)));
  const auto started = clock_.now();
  EXPECT_EQ(run(daemon), PAM_AUTH_ERR);
  EXPECT_EQ(daemon.cancelled, 1);
  EXPECT_LE(clock_.now() - started, 91s);
}

TEST_F(ConversationTest, ShowsTheLineBesideADenial) {
  ScriptedLoginService daemon({says(StepKind::Exhausted, "Too many wrong codes.")});
  EXPECT_EQ(run(daemon, true), PAM_MAXTRIES);  // errors are shown even to sudo (S22)
  EXPECT_THAT(login_.texts(PAM_ERROR_MSG), ElementsAre("Too many wrong codes."));
}

TEST_F(ConversationTest, ShowsMessagesBeforeThePromptTheyBelongTo) {
  const std::vector<Message> messages = {{wire::MessageKind::Error, "That code is not valid."}};
  ScriptedLoginService daemon(
      {says(Step{messages, StepKind::PromptHidden, kPrompt, ""}), says(StepKind::Denied)});
  login_.answers = {"1"};
  EXPECT_EQ(run(daemon), PAM_AUTH_ERR);
  ASSERT_EQ(login_.shown.size(), 2U);
  EXPECT_EQ(login_.shown[0].text, "That code is not valid.");
  EXPECT_EQ(login_.shown[1].text, kPrompt);
}

// S16, S01: whatever the daemon's side throws, and wherever, nobody is let in.
TEST_F(ConversationTest, WithAnExceptionAtAnyStepIsNotGranted) {
  for (std::size_t step = 0; step < 3; ++step) {
    std::deque<ScriptedLoginService::Line> script = {says(StepKind::PromptHidden, kPrompt),
                                                     says(StepKind::PromptHidden, kPrompt),
                                                     says(StepKind::Granted)};
    script[step] = []() -> Result<Step> { throw std::runtime_error("?"); };
    ScriptedLoginService throws(script);
    login_.answers = {"1", "2"};
    EXPECT_EQ(run(throws), PAM_AUTHINFO_UNAVAIL) << step;

    script[step] = []() -> Result<Step> { throw std::bad_alloc(); };
    ScriptedLoginService starves(script);
    login_.answers = {"1", "2"};
    EXPECT_EQ(run(starves), PAM_BUF_ERR) << step;
  }
}

// S01: a good login in which call n fails, for every n until none does.
TEST_F(ConversationTest, NoFailureOfTheDaemonOrTheUserGrants) {
  for (int n = 0;; ++n) {
    int call = 0;
    const auto fails_now = [&call, n] { return call++ == n; };
    const auto line = [&fails_now](StepKind kind) -> ScriptedLoginService::Line {
      return [&fails_now, kind]() -> Result<Step> {
        if (fails_now()) return Error{ErrorCode::Unavailable, "as the script has it"};
        return Step{{{wire::MessageKind::Error, "text"}}, kind, kPrompt, ""};
      };
    };
    login_.person = [&fails_now](const pam_message& message, pam_response** reply) {
      if (fails_now()) return PAM_CONV_ERR;
      if (message.msg_style == PAM_PROMPT_ECHO_OFF) *reply = test::reply_with("123456");
      return PAM_SUCCESS;
    };
    ScriptedLoginService daemon(
        {line(StepKind::PromptHidden), line(StepKind::PromptHidden), line(StepKind::Granted)});
    const int code = run(daemon);
    if (call <= n) {  // call n never came: each before it has failed once
      EXPECT_EQ(code, PAM_SUCCESS);
      EXPECT_EQ(n, 9);
      break;
    }
    EXPECT_THAT(code, Not(testing::AnyOf(PAM_SUCCESS, PAM_IGNORE))) << "call " << n;
  }
}

}  // namespace
}  // namespace twinlock::pam
