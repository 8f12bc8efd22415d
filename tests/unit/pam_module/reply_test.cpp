// SPDX-License-Identifier: MIT
#include "pam_module/reply.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/unit/pam_module/wire_bytes.h"

namespace twinlock::pam {
namespace {

// A good reply; each test spoils one thing.
struct Parts {
  std::vector<std::uint8_t> nonce = std::vector<std::uint8_t>(16, 0x5a);
  std::string conversation = "c1";
  std::string user = "alice";
  std::vector<std::pair<std::uint32_t, std::string>> messages = {{1, "Hello."}, {2, "Wrong."}};
  std::uint32_t kind = 1;
  std::string text = "Verification code: ";
  std::vector<std::uint8_t> payload;
  std::string reason = "none";
};

BusMessage message_of(const Parts& parts) {
  test::WireBytes out;
  out.bytes(parts.nonce);
  out.text(parts.conversation);
  out.text(parts.user);
  out.align(4);
  const auto length_at = out.size();
  const auto messages = out.begin_array(8);
  for (const auto& [kind, text] : parts.messages) {
    out.align(8);
    out.number(kind);
    out.text(text);
  }
  out.end_array(messages, length_at);
  out.number(parts.kind);
  out.text(parts.text);
  out.bytes(parts.payload);
  out.text(parts.reason);
  BusMessage message;
  message.signature = wire::kStepSignature;
  message.body = out.written();
  return message;
}

Result<Reply> read(const Parts& parts) { return read_reply(message_of(parts)); }

Result<Reply> read_with(const std::function<void(Parts&)>& spoil) {
  Parts parts;
  spoil(parts);
  return read(parts);
}

TEST(Reply, IsTakenApart) {
  const auto reply = read({});
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(reply->nonce[15], 0x5a);
  EXPECT_EQ(reply->conversation, "c1");
  EXPECT_EQ(reply->user, "alice");
  ASSERT_EQ(reply->step.messages.size(), 2U);
  EXPECT_EQ(reply->step.messages[0].kind, wire::MessageKind::Information);
  EXPECT_EQ(reply->step.messages[1].kind, wire::MessageKind::Error);
  EXPECT_EQ(reply->step.messages[1].text, "Wrong.");
  EXPECT_EQ(reply->step.kind, wire::StepKind::PromptHidden);
  EXPECT_EQ(reply->step.text, "Verification code: ");
  EXPECT_EQ(reply->step.reason, "none");
}

TEST(Reply, IsRefusedWithAnotherSignature) {  // S11
  for (const char* const types : {"", "s", "ayss", "ayssa(us)usay", "ayssa(us)usayss"}) {
    auto message = message_of({});
    message.signature = types;
    const auto reply = read_reply(message);
    ASSERT_FALSE(reply) << types;
    EXPECT_EQ(reply.error().code, ErrorCode::Internal);
    EXPECT_NE(reply.error().detail.find("same version"), std::string::npos);  // S145
  }
}

TEST(Reply, IsRefusedWhereverItEndsTooEarlyOrGoesOn) {  // S11
  const auto whole = message_of({});
  for (std::size_t size = 0; size < whole.body.size(); ++size) {
    auto cut = whole;
    cut.body.resize(size);
    EXPECT_FALSE(read_reply(cut)) << size;
  }
  auto longer = whole;
  longer.body.push_back(0);
  EXPECT_FALSE(read_reply(longer));
}

TEST(Reply, IsRefusedWithATextThatIsNoText) {
  EXPECT_FALSE(read_with([](Parts& parts) { parts.text = "a\xff"; }));
  EXPECT_FALSE(read_with([](Parts& parts) { parts.user = std::string("a\0b", 3); }));
}

TEST(Reply, IsRefusedIfItsMessagesClaimAnotherLength) {
  const auto whole = message_of({});
  // Behind the nonce, "c1" and "alice".
  const std::size_t at = 20 + 8 + 12;
  for (const unsigned length : {0U, 1U, 7U, 8U, 9U, 200U, 255U}) {
    auto message = whole;
    ASSERT_NE(message.body[at], length);
    message.body[at] = static_cast<std::uint8_t>(length);
    EXPECT_FALSE(read_reply(message)) << length;
  }
}

TEST(Reply, IsRefusedWithANonceOfAnotherLength) {  // S11
  EXPECT_FALSE(read_with([](Parts& parts) { parts.nonce.pop_back(); }));
  EXPECT_FALSE(read_with([](Parts& parts) { parts.nonce.push_back(0); }));
  EXPECT_FALSE(read_with([](Parts& parts) { parts.nonce.clear(); }));
}

TEST(Reply, IsRefusedWithAnUnknownKindOfStep) {  // S145
  for (const std::uint32_t kind : {0U, 10U, 255U, 0x80000005U, 0xffffffffU}) {
    EXPECT_FALSE(read_with([kind](Parts& parts) { parts.kind = kind; })) << kind;
  }
}

TEST(Reply, IsRefusedWithAnUnknownKindOfMessage) {  // S145
  EXPECT_FALSE(read_with([](Parts& parts) { parts.messages = {{0, "?"}}; }));
  EXPECT_FALSE(read_with([](Parts& parts) { parts.messages = {{3, "?"}}; }));
}

TEST(Reply, HasAtMost32Messages) {  // S21
  EXPECT_TRUE(read_with([](Parts& parts) { parts.messages.assign(32, {1, "line"}); }));
  EXPECT_FALSE(read_with([](Parts& parts) { parts.messages.assign(33, {1, "line"}); }));
}

TEST(Reply, WithAMessageThatIsTooLongIsCut) {  // S21
  const auto reply = read_with([](Parts& parts) { parts.messages = {{1, std::string(600, 'x')}}; });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->step.messages[0].text, std::string(512, 'x'));
}

TEST(Reply, WithAPromptThatIsTooLongIsRefused) {
  EXPECT_TRUE(read_with([](Parts& parts) { parts.text = std::string(4096, 'x'); }));
  EXPECT_FALSE(read_with([](Parts& parts) { parts.text = std::string(4097, 'x'); }));
}

TEST(Reply, WithAPayloadThatIsTooLongIsRefused) {
  EXPECT_TRUE(read_with([](Parts& parts) { parts.payload.assign(4096, 1); }));
  EXPECT_FALSE(read_with([](Parts& parts) { parts.payload.assign(4097, 1); }));
}

TEST(Reply, WithNamesOverTheirLimitIsRefused) {
  EXPECT_FALSE(read_with([](Parts& parts) { parts.conversation = std::string(129, 'c'); }));
  EXPECT_FALSE(read_with([](Parts& parts) { parts.user = std::string(257, 'u'); }));
}

TEST(Reply, CantSteerATerminal) {  // S21
  const std::string hostile =
      "a\x1b[2Jb\x07"
      "c\rd\x7f"
      "e\xc2\x9b"
      "f\xe2\x80\xae"
      "g\nh";
  const auto reply = read_with([&hostile](Parts& parts) {
    parts.messages = {{2, hostile}};
    parts.text = hostile;
    parts.reason = hostile;
  });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->step.messages[0].text, "a[2Jbcdefg\nh");
  EXPECT_EQ(reply->step.text, "a[2Jbcdefg\nh");
  EXPECT_EQ(reply->step.reason, "a[2Jbcdefgh");
}

TEST(Reply, KeepsALineBesideADecisionWithinAMessagesLimit) {  // S21
  const auto reply = read_with([](Parts& parts) {
    parts.kind = 7;
    parts.text = std::string(600, 'x');
  });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->step.text.size(), 512U);
}

}  // namespace
}  // namespace twinlock::pam
