// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "tests/integration/client/fixture.h"

namespace twinlock::client {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class TestTest : public ClientTest {
 protected:
  // A conversation of one question that ends in `kind`.
  void start_with(wire::StepKind kind, const std::string& reason) {
    Script script;
    script.steps = {prompt("Verification code: "), decision(kind, reason)};
    start(script);
  }
};

TEST_F(TestTest, ShowsWhatALoginShowsAndAsksWhatItAsks) {
  Script script;
  script.steps = {
      prompt("Verification code: ", {{wire::MessageKind::Information, "Hello."}}),
      prompt("Verification code: ", {{wire::MessageKind::Error, "That code is not valid."}}),
      decision(wire::StepKind::Granted, "totp")};
  start(script);
  TerminalRun terminal(on_bus({"test"}));
  terminal.expect("Hello.");
  terminal.expect("Verification code: ");
  EXPECT_FALSE(terminal.echoes());
  terminal.type("111111\n");
  terminal.expect("That code is not valid.");
  terminal.expect("Verification code: ");
  terminal.type("222222\n");
  terminal.expect("granted: totp");
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_THAT(
      calls(),
      ElementsAre(
          "Begin test", "Answer conversation-1 111111", "Answer conversation-1 222222", "Status"));
}

TEST_F(TestTest, SaysWhenThePolicyDemandsNoSecondFactor) {
  const std::string remark = "Logins need no second factor from you at present";
  for (const bool is_required : {false, true}) {
    Script script;
    script.steps = {prompt("Verification code: "), decision(wire::StepKind::Granted, "totp")};
    script.status = json{{"account", "alice"}, {"required", is_required}}.dump();
    start(script);
    const auto finished = twinlock({"test"}, "123456\n");
    EXPECT_EQ(finished.status, 0);
    EXPECT_EQ(finished.out.find(remark) == std::string::npos, is_required) << finished.out;
    const auto for_programs = twinlock({"test", "--json"}, "123456\n");
    EXPECT_EQ(json::parse(for_programs.out).size(), 3U);
    EXPECT_EQ(for_programs.err, "");
    daemon_.reset();
  }
}

TEST_F(TestTest, SaysWhyACodeFailedAndWhatToDo) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"wrong-code", "is the time of your phone right"},
      {"code-already-used", "was used before"},
      {"on-hold", "too many wrong codes lately"},
      {"short-codes-disabled", "a hundred wrong codes"},
      {"not-enrolled", "twinlock enroll"},
      {"foreign-uid", "an earlier account of that name"},
      {"factor-disabled", "switched this kind of code off"},
      {"not-a-code", "the form of a code"},
      {"too-many-conversations", "within the hour"}};
  for (const auto& [reason, words] : table) {
    start_with(wire::StepKind::Exhausted, reason);
    const auto finished = twinlock({"test"}, "123456\n");
    EXPECT_EQ(finished.status, 1);
    EXPECT_THAT(finished.out, HasSubstr("denied: " + reason + "\n"));
    EXPECT_THAT(finished.err, HasSubstr(words));
    daemon_.reset();
  }
}

TEST_F(TestTest, AVisiblePromptEchoes) {
  Script script;
  script.steps = {prompt("Number: "), decision(wire::StepKind::Granted, "x")};
  script.steps[0].kind = wire::StepKind::PromptVisible;
  start(script);
  TerminalRun terminal(on_bus({"test"}));
  terminal.expect("Number: ");
  EXPECT_TRUE(terminal.echoes());
  terminal.type("1\n");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(TestTest, EachDecisionHasItsExitStatus) {
  using enum wire::StepKind;
  const std::vector<std::tuple<wire::StepKind, int, std::string>> table{
      {Granted, 0, "granted"},
      {Exempt, 0, "exempt"},
      {Denied, 1, "denied"},
      {Exhausted, 1, "denied"},
      {Unavailable, 3, "unavailable"}};
  for (const auto& [kind, status, word] : table) {
    start_with(kind, "a-reason");
    const auto finished = twinlock({"test", "--json"}, "123456\n");
    EXPECT_EQ(finished.status, status) << word;
    const auto object = json::parse(finished.out);
    EXPECT_EQ(object["decision"], word);
    EXPECT_EQ(object["reason"], "a-reason");
    daemon_.reset();
  }
}

TEST_F(TestTest, CtrlCCancelsTheConversation) {
  start_with(wire::StepKind::Granted, "totp");
  TerminalRun terminal(on_bus({"test"}));
  terminal.expect("Verification code: ");
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), -SIGINT);
  EXPECT_EQ(calls().back(), "Cancel conversation-1");
}

TEST_F(TestTest, ABareEnterOrTheEndOfInputIsNoAnswer) {  // as S04 has it for logins
  start_with(wire::StepKind::Granted, "totp");
  for (const auto* input : {"\n", ""}) {
    const auto finished = twinlock({"test", "--json"}, input);
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(json::parse(finished.err)["error"], "cancelled");
    EXPECT_EQ(calls().back(), "Cancel conversation-1");
  }
}

TEST_F(TestTest, AnAnswerTooLongForALoginIsNotSent) {  // S04
  start_with(wire::StepKind::Granted, "totp");
  EXPECT_EQ(twinlock({"test"}, std::string(512, '1') + "\n").status, 1);
  EXPECT_EQ(calls().back(), "Cancel conversation-1");
}

TEST_F(TestTest, MessagesCannotSteerTheTerminal) {  // S21
  Script script;
  script.steps = {prompt("Verification\033[2J code: ",
                         {{wire::MessageKind::Information, "Hi\033]0;owned\x07\u202E"}}),
                  decision(wire::StepKind::Denied, "\033[31mno", "\033[5mSorry")};
  start(script);
  const auto finished = twinlock({"test"}, "1\n");
  EXPECT_THAT(finished.out + finished.err, Not(HasSubstr("\033")));
  EXPECT_THAT(finished.out + finished.err, Not(HasSubstr("\u202E")));
  EXPECT_THAT(finished.err, HasSubstr("Hi]0;owned"));
}

TEST_F(TestTest, AReplyToAnotherQuestionIsNotBelieved) {
  Script script;
  script.steps = {decision(wire::StepKind::Granted, "totp")};
  script.wrong_nonce = true;
  start(script);
  EXPECT_EQ(twinlock({"test"}).status, 6);
}

TEST_F(TestTest, AStepThatIsNotKnownHereAsksForTheSameVersion) {  // S145
  Script script;
  script.steps = {decision(static_cast<wire::StepKind>(99), "new")};
  start(script);
  const auto finished = twinlock({"test"});
  EXPECT_EQ(finished.status, 6);
  EXPECT_THAT(finished.err, HasSubstr("same version"));
}

}  // namespace
}  // namespace twinlock::client
