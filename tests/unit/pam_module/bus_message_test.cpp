// SPDX-License-Identifier: MIT
#include "pam_module/bus_message.h"

#include <gtest/gtest.h>

#include <cstring>

#include "pam_module/method_call.h"
#include "pam_module/wire_reader.h"
#include "tests/unit/pam_module/wire_bytes.h"

namespace twinlock::pam {
namespace {

using test::Bytes;
using test::WireBytes;
using test::WireMessage;

Bytes with_number_at(Bytes bytes, std::size_t position, std::uint32_t number) {
  std::memcpy(bytes.data() + position, &number, sizeof number);
  return bytes;
}

TEST(BusMessage, IsTakenApart) {
  WireMessage wire;
  wire.reply_serial = 42;
  wire.sender = ":1.7";
  wire.signature = "s";
  wire.body = {2, 0, 0, 0, 'h', 'i', 0};
  const auto bytes = wire.bytes();
  const auto size = message_size(bytes);
  EXPECT_EQ(size, bytes.size());
  const auto message = parse_reply(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, bus_wire::Return);
  EXPECT_EQ(message->reply_serial, 42U);
  EXPECT_EQ(message->sender, ":1.7");
  EXPECT_EQ(message->signature, "s");
  EXPECT_EQ(message->body, wire.body);
}

TEST(BusMessage, MayHaveFieldsThatNobodyKnows) {
  WireBytes fields;
  WireMessage::field(fields, 6, "s");
  fields.text(":1.9");
  WireMessage::field(fields, 200, "u");
  fields.number(1);
  WireMessage::field(fields, 201, "g");
  fields.signature("a(us)");
  WireMessage::field(fields, 202, "o");
  fields.text("/org/freedesktop/DBus/Containers1");
  fields.align(8);
  WireMessage wire;
  wire.more_fields = fields.written();
  const auto message = parse_reply(wire.bytes());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->reply_serial, 1U);
}

TEST(BusMessage, IsRefusedWhereverItEndsTooEarly) {  // S11
  WireMessage wire;
  wire.signature = "s";
  wire.body = {2, 0, 0, 0, 'h', 'i', 0};
  const auto bytes = wire.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(parse_reply(std::span(bytes).first(size))) << size;
  }
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(parse_reply(longer));
}

TEST(BusMessage, IsRefusedIfItsLengthsAreWrong) {
  const auto bytes = WireMessage{}.bytes();
  for (const auto position : {bus_wire::kBodyLength, bus_wire::kFieldsLength}) {
    for (const std::uint32_t length : {1U, 65536U, 0x7fffffffU, 0x80000000U, 0xffffffffU}) {
      EXPECT_NE(message_size(with_number_at(bytes, position, length)), bytes.size()) << length;
      EXPECT_FALSE(parse_reply(with_number_at(bytes, position, length))) << length;
    }
    EXPECT_EQ(message_size(with_number_at(bytes, position, (1U << 27U) + 1)), 0U);
  }
}

TEST(BusMessage, IsRefusedIfItIsTooLong) {
  WireMessage wire;
  wire.body.assign(kMaxMessage, 0);
  const auto bytes = wire.bytes();
  EXPECT_EQ(message_size(bytes), bytes.size());
  EXPECT_FALSE(parse_reply(bytes));
}

TEST(BusMessage, InAnotherByteOrderHasALengthButIsNoReply) {
  WireMessage wire;
  wire.order = bus_wire::kByteOrder == 'l' ? 'B' : 'l';
  wire.body.assign(300, 0);
  EXPECT_EQ(message_size(wire.bytes()), wire.bytes().size());
  EXPECT_FALSE(parse_reply(wire.bytes()));
}

TEST(BusMessage, IsRefusedInAnotherVersion) {
  WireMessage wire;
  wire.version = 2;
  EXPECT_EQ(message_size(wire.bytes()), 0U);
  EXPECT_FALSE(parse_reply(wire.bytes()));
}

TEST(BusMessage, IsRefusedWithAFieldThatIsNoField) {
  const auto refused = [](auto&& write) {
    WireBytes fields;
    write(fields);
    fields.align(8);
    WireMessage wire;
    wire.more_fields = fields.written();
    return !parse_reply(wire.bytes());
  };
  EXPECT_TRUE(refused([](WireBytes& fields) {  // a text longer than the message
    WireMessage::field(fields, 7, "s");
    fields.number(0xffffff00);
    fields.raw("abc");
  }));
  EXPECT_TRUE(refused([](WireBytes& fields) {  // a text without its end
    WireMessage::field(fields, 7, "s");
    fields.number(3);
    fields.raw("abcd");
  }));
  EXPECT_TRUE(refused([](WireBytes& fields) {  // a text with a NUL
    WireMessage::field(fields, 7, "s");
    fields.text(std::string_view("a\0c", 3));
  }));
  EXPECT_TRUE(refused([](WireBytes& fields) {  // a text that is no UTF-8
    WireMessage::field(fields, 7, "s");
    fields.text("a\xff");
  }));
  EXPECT_TRUE(refused([](WireBytes& fields) {  // a type that no field has
    WireMessage::field(fields, 99, "a{sv}");
    fields.number(0);
  }));
}

TEST(BusMessage, IsAnErrorExactlyIfItNamesOne) {
  WireMessage nameless;
  nameless.type = bus_wire::Failure;
  EXPECT_FALSE(parse_reply(nameless.bytes()));
  nameless.error_name = "org.freedesktop.DBus.Error.NoReply";
  EXPECT_TRUE(parse_reply(nameless.bytes()));
  nameless.type = bus_wire::Return;
  EXPECT_FALSE(parse_reply(nameless.bytes()));
}

// What the module writes is what it would read.
TEST(MethodCall, HasItsArgumentsInOrder) {
  MethodCall call({":1.5", "/org/twinlock/Twinlock1", "org.twinlock.Login1", "Begin", "aysu"});
  const std::array<std::uint8_t, 3> nonce{1, 2, 3};
  call.add(nonce);
  call.add(std::string_view("alice"));
  call.add(std::uint32_t{7});
  const auto sealed = call.sealed(5);
  const auto size = message_size(sealed);
  EXPECT_EQ(size, sealed.size());
  const auto message = parse_reply(sealed);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, bus_wire::Call);
  EXPECT_EQ(message->signature, "aysu");
  WireReader reader(message->body);
  EXPECT_EQ(reader.bytes().size(), 3U);
  EXPECT_EQ(reader.text(), "alice");
  EXPECT_EQ(reader.number(), 7U);
  EXPECT_TRUE(reader.at_end());
}

TEST(MethodCall, IsRefusedWithATextForWhichTheBusWouldHangUp) {
  for (const auto text : {std::string_view("a\xff"), std::string_view("a\0b", 3)}) {
    MethodCall call({":1.5", "/", "org.twinlock.Login1", "Begin", "s"});
    call.add(text);
    EXPECT_TRUE(call.sealed(1).empty());
  }
}

TEST(MethodCall, IsRefusedOverItsLimit) {
  MethodCall call({":1.5", "/", "org.twinlock.Login1", "Begin", "ay"});
  call.add(Bytes(MethodCall::kMaxSize));
  EXPECT_TRUE(call.sealed(1).empty());
  call.add(std::uint32_t{1});
  EXPECT_TRUE(call.sealed(1).empty());
}

}  // namespace
}  // namespace twinlock::pam
