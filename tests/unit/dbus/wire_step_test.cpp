// SPDX-License-Identifier: MIT
#include "daemon/dbus/wire_step.h"

#include <gtest/gtest.h>

#include <functional>

namespace twinlock::dbus {
namespace {

BeginArguments good_begin() {
  return {Bytes(16, 7), "alice", "sshd", "203.0.113.7", "host.example", "ssh", "", "C.UTF-8", 1};
}

TEST(WireStep, ReadsTheArgumentsOfBegin) {
  const auto context = parse_begin(good_begin());
  ASSERT_TRUE(context) << context.error().detail;
  EXPECT_EQ(context->nonce[15], 7);
  EXPECT_EQ(context->purpose, Purpose::Login);
  EXPECT_EQ(context->user, "alice");
  EXPECT_EQ(context->service, "sshd");
  EXPECT_EQ(context->source, "203.0.113.7");
  EXPECT_TRUE(context->interactive);
  EXPECT_FALSE(context->local_terminal);
}

TEST(WireStep, ReadsCapabilitiesBitByBit) {
  auto arguments = good_begin();
  arguments.capabilities = 2;
  EXPECT_FALSE(parse_begin(arguments)->interactive);
  EXPECT_TRUE(parse_begin(arguments)->local_terminal);
  arguments.capabilities = 0xFFFFFFF8U;  // bits of a newer module say nothing (S145)
  ASSERT_TRUE(parse_begin(arguments));
  EXPECT_FALSE(parse_begin(arguments)->interactive);
}

// S38
TEST(WireStep, RefusesArgumentsBeyondTheirBounds) {
  const std::vector<std::function<void(BeginArguments&)>> spoilers{
      [](auto& begin) { begin.nonce.pop_back(); },
      [](auto& begin) { begin.nonce.push_back(0); },
      [](auto& begin) { begin.nonce.clear(); },
      [](auto& begin) { begin.user.clear(); },
      [](auto& begin) { begin.user.assign(257, 'a'); },
      [](auto& begin) { begin.service.clear(); },
      [](auto& begin) { begin.service = "../sshd"; },
      [](auto& begin) { begin.service.assign(65, 'a'); },
      [](auto& begin) { begin.source = "host.example"; },
      [](auto& begin) { begin.source = "203.0.113.7 "; },
      [](auto& begin) { begin.rhost.assign(256, 'a'); },
      [](auto& begin) { begin.tty.assign(65, 'a'); },
      [](auto& begin) { begin.ruser.assign(257, 'a'); },
      [](auto& begin) { begin.locale.assign(65, 'a'); },
  };
  for (std::size_t i = 0; i < spoilers.size(); ++i) {
    auto arguments = good_begin();
    spoilers[i](arguments);
    const auto context = parse_begin(arguments);
    ASSERT_FALSE(context) << i;
    EXPECT_EQ(context.error().code, ErrorCode::InvalidInput);
  }
}

TEST(WireStep, AcceptsArgumentsAtTheirBounds) {
  auto arguments = good_begin();
  arguments.user.assign(256, 'a');
  arguments.service.assign(64, 'a');
  arguments.source = "";
  arguments.rhost.assign(255, 'a');
  arguments.tty.assign(64, 'a');
  EXPECT_TRUE(parse_begin(arguments));
}

// S125
TEST(WireStep, KeepsControlsOutOfWhatIsLogged) {
  auto arguments = good_begin();
  arguments.rhost = "a\nb\x1b";
  EXPECT_EQ(parse_begin(arguments)->rhost, "ab");
}

AnswerArguments good_answer() {
  return {"000102030405060708090a0b0c0d0e0f", Bytes(16, 1), Bytes(16, 2), Secret("123456")};
}

TEST(WireStep, ReadsTheArgumentsOfAnswer) {
  const auto parsed = parse_answer(good_answer());
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(parsed->conversation[15], 15);
  EXPECT_EQ(parsed->previous[0], 1);
  EXPECT_EQ(parsed->nonce[0], 2);
}

// S38
TEST(WireStep, RefusesAnswersBeyondTheirBounds) {
  const std::vector<std::function<void(AnswerArguments&)>> spoilers{
      [](auto& answer) { answer.conversation = ""; },
      [](auto& answer) { answer.conversation.pop_back(); },
      [](auto& answer) { answer.conversation += "00"; },
      [](auto& answer) { answer.conversation[3] = 'g'; },
      [](auto& answer) { answer.previous.pop_back(); },
      [](auto& answer) { answer.nonce.clear(); },
      [](auto& answer) { answer.answer = Secret(512); },
  };
  for (std::size_t i = 0; i < spoilers.size(); ++i) {
    auto arguments = good_answer();
    spoilers[i](arguments);
    EXPECT_FALSE(parse_answer(arguments)) << i;
  }
  auto longest = good_answer();
  longest.answer = Secret(511);
  EXPECT_TRUE(parse_answer(longest));
}

TEST(WireStep, TravelsAsEightValues) {
  Step step;
  step.nonce.fill(9);
  step.conversation.fill(0xab);
  step.user = "alice";
  step.messages.push_back({wire::MessageKind::Error, "no"});
  step.kind = wire::StepKind::PromptHidden;
  step.text = "Verification code: ";
  step.reason = Reason::WrongCode;
  const auto outcome = to_wire(step);
  const auto& [nonce, conversation, user, messages, kind, text, payload, reason] =
      std::get<0>(outcome);
  EXPECT_EQ(nonce, Bytes(16, 9));
  EXPECT_EQ(conversation, "abababababababababababababababab");
  EXPECT_EQ(user, "alice");
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(std::get<0>(messages[0]), 2U);
  EXPECT_EQ(std::get<1>(messages[0]), "no");
  EXPECT_EQ(kind, 1U);
  EXPECT_EQ(text, "Verification code: ");
  EXPECT_TRUE(payload.empty());
  EXPECT_EQ(reason, "wrong-code");
}

// S19
TEST(WireStep, LeavesNothingOfAnAnswerBehind) {
  Bytes bytes{'1', '2', '3', '4', '5', '6'};
  const auto* memory = bytes.data();
  const auto secret = take_secret(bytes);
  EXPECT_EQ(secret.text(), "123456");
  EXPECT_TRUE(bytes.empty());
  EXPECT_EQ(memory, bytes.data());  // still its own, and wiped:
  bytes.resize(1);
  EXPECT_EQ(bytes[0], 0);
}

}  // namespace
}  // namespace twinlock::dbus
