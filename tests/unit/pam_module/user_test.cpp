// SPDX-License-Identifier: MIT
#include "pam_module/user.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <type_traits>

#include "tests/unit/pam_module/pam_login.h"

namespace twinlock::pam {
namespace {

using test::reply_with;
using testing::ElementsAre;
using wire::MessageKind;
using wire::StepKind;

Step prompt(StepKind kind, std::string text = "Verification code: ") {
  return {{}, kind, std::move(text), {}};
}

class UserTest : public testing::Test {
 protected:
  User user(std::string words = {}, bool silent = false) {
    return {login_.handle(), std::move(words), silent};
  }

  test::PamLogin login_{"sshd", "alice", "auth required pam_deny.so\n"};
  Secret answer_;
};

TEST_F(UserTest, IsAskedWithoutEchoAndGivesAnAnswer) {
  login_.answers = {"123456"};
  EXPECT_EQ(user().ask(prompt(StepKind::PromptHidden), answer_), User::Response::Typed);
  EXPECT_EQ(answer_.text(), "123456");
  EXPECT_THAT(login_.texts(PAM_PROMPT_ECHO_OFF), ElementsAre("Verification code: "));
}

TEST_F(UserTest, IsAskedWithEchoWhereTheAnswerIsPublic) {
  login_.answers = {"+15551234567"};
  EXPECT_EQ(user().ask(prompt(StepKind::PromptVisible, "Phone: "), answer_), User::Response::Typed);
  EXPECT_THAT(login_.texts(PAM_PROMPT_ECHO_ON), ElementsAre("Phone: "));
}

TEST_F(UserTest, GivesUpTo511BytesAndAnyUtf8) {
  for (const auto& text :
       {std::string(511, 'a'), std::string("gr\xc3\xbc\xc3\x9f"), std::string(" 12 34 ")}) {
    login_.answers = {text};
    EXPECT_EQ(user().ask(prompt(StepKind::PromptHidden), answer_), User::Response::Typed);
    EXPECT_EQ(answer_.text(), text);
  }
}

// S04: what is no answer never becomes one.
struct Oddity {
  const char* name;
  std::function<int(const pam_message& message, pam_response** reply)> person;
};

class OddConversation : public UserTest, public testing::WithParamInterface<Oddity> {};

TEST_P(OddConversation, GivesNoAnswer) {  // S04
  login_.person = GetParam().person;
  for (const auto kind : {StepKind::PromptHidden, StepKind::PromptVisible}) {
    EXPECT_EQ(user().ask(prompt(kind), answer_), User::Response::None);
    EXPECT_TRUE(answer_.empty());
  }
}

Oddity replies(const char* name, std::string text) {
  return {name, [text = std::move(text)](const pam_message&, pam_response** reply) {
            *reply = reply_with(text.c_str());
            return PAM_SUCCESS;
          }};
}

Oddity fails(const char* name, int code) {
  return {name, [code](const pam_message&, pam_response**) { return code; }};
}

INSTANTIATE_TEST_SUITE_P(S04,
                         OddConversation,
                         testing::Values(fails("ConvErr", PAM_CONV_ERR),
                                         fails("Abort", PAM_ABORT),
                                         fails("Again", PAM_CONV_AGAIN),
                                         fails("Unnamed", 1234),
                                         fails("Negative", -1),
                                         fails("NullReplyArray", PAM_SUCCESS),
                                         Oddity{"NullResp",
                                                [](const pam_message&, pam_response** reply) {
                                                  *reply = reply_with(nullptr);
                                                  return PAM_SUCCESS;
                                                }},
                                         replies("Empty", ""),
                                         replies("FiveHundredTwelveBytes", std::string(512, '1')),
                                         replies("Megabyte", std::string(1 << 20U, '1')),
                                         replies("Newline", "123456\n"),
                                         replies("Return", "123456\r"),
                                         replies("Tab", "123\t456"),
                                         replies("Escape", "\x1b[A"),
                                         replies("CtrlD", "\x04"),
                                         replies("Delete", "12\x7f"),
                                         replies("C1", "12\xc2\x85")),
                         [](const auto& row) { return row.param.name; });

TEST_F(UserTest, BehindNoConversationGivesNothing) {  // S04, S27
  const pam_conv nobody{nullptr, nullptr};
  login_.set(PAM_CONV, &nobody);
  EXPECT_EQ(user().ask(prompt(StepKind::PromptHidden), answer_), User::Response::None);
  EXPECT_EQ(user().show({{MessageKind::Error, "x"}}), User::Told::No);
}

TEST_F(UserTest, SeesInformationAndErrorsInTheirOrder) {
  EXPECT_EQ(user().show({{MessageKind::Information, "one"}, {MessageKind::Error, "two"}}),
            User::Told::Yes);
  ASSERT_EQ(login_.shown.size(), 2U);
  EXPECT_EQ(login_.shown[0].style, PAM_TEXT_INFO);
  EXPECT_EQ(login_.shown[0].text, "one");
  EXPECT_EQ(login_.shown[1].style, PAM_ERROR_MSG);
  EXPECT_EQ(login_.shown[1].text, "two");
}

TEST_F(UserTest, IsSparedInformationWhereTheProgramWantsSilence) {  // S22
  login_.answers = {"1"};
  auto silent = user({}, true);
  EXPECT_EQ(silent.show({{MessageKind::Information, "one"}, {MessageKind::Error, "two"}}),
            User::Told::Yes);
  EXPECT_EQ(silent.ask(prompt(StepKind::PromptHidden), answer_), User::Response::Typed);
  EXPECT_THAT(login_.texts(PAM_TEXT_INFO), ElementsAre());
  EXPECT_THAT(login_.texts(PAM_ERROR_MSG), ElementsAre("two"));
  EXPECT_THAT(login_.texts(PAM_PROMPT_ECHO_OFF), ElementsAre("Verification code: "));
}

TEST_F(UserTest, WhoCantBeShownAMessageStopsTheConversation) {  // S04
  login_.person = [](const pam_message&, pam_response**) { return PAM_CONV_ERR; };
  EXPECT_EQ(user().show({{MessageKind::Information, "one"}, {MessageKind::Error, "two"}}),
            User::Told::No);
  EXPECT_EQ(login_.shown.size(), 1U);
}

TEST_F(UserTest, MayReplyToAMessageWithoutALeak) {
  login_.person = [](const pam_message&, pam_response** reply) {
    *reply = reply_with("why?");
    return PAM_SUCCESS;
  };
  EXPECT_EQ(user().show({{MessageKind::Information, "one"}}), User::Told::Yes);
}

TEST_F(UserTest, SeesTheAdministratorsWordsInPlaceOfTheCodePrompt) {
  login_.answers = {"1", "1", "1"};
  auto renamed = user("Einmalcode");
  EXPECT_EQ(renamed.ask(prompt(StepKind::PromptHidden, "Verification code (or key): "), answer_),
            User::Response::Typed);
  EXPECT_EQ(renamed.ask(prompt(StepKind::PromptHidden,
                               "Verification code below\nVerification code [tl1:k]: "),
                        answer_),
            User::Response::Typed);
  EXPECT_EQ(renamed.ask(prompt(StepKind::PromptHidden, "PIN: "), answer_), User::Response::Typed);
  EXPECT_THAT(
      login_.texts(PAM_PROMPT_ECHO_OFF),
      ElementsAre(
          "Einmalcode (or key): ", "Verification code below\nEinmalcode [tl1:k]: ", "PIN: "));
}

TEST_F(UserTest, SeesVisiblePromptsUnchanged) {
  login_.answers = {"1"};
  auto renamed = user("Einmalcode");
  EXPECT_EQ(renamed.ask(prompt(StepKind::PromptVisible), answer_), User::Response::Typed);
  EXPECT_THAT(login_.texts(PAM_PROMPT_ECHO_ON), ElementsAre("Verification code: "));
}

// S19: an answer can be moved and wiped, not copied or turned into a string.
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

}  // namespace
}  // namespace twinlock::pam
