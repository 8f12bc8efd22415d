// SPDX-License-Identifier: MIT
//
// The bus here says one odd thing at a time; tests/integration/pam has the real one.
#include "pam_module/bus_connection.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

#include "tests/unit/pam_module/listening_bus.h"
#include "tests/unit/pam_module/wire_bytes.h"

namespace twinlock::pam {
namespace {

using test::Bytes;
using test::WireMessage;

constexpr std::string_view kId = "00112233445566778899aabbccddeeff";

TimePoint in_an_hour() { return std::chrono::steady_clock::now() + std::chrono::hours(1); }
TimePoint now() { return std::chrono::steady_clock::now(); }

class BusConnectionTest : public testing::Test {
 protected:
  BusConnectionTest() : connection_(bus_.address()) { bus_.accept_one(); }

  // Lets the connection in.
  void welcome() {
    bus_.say("OK " + std::string(kId) + "\r\n");
    bus_.say(WireMessage{}.bytes());
    EXPECT_EQ(connection_.greet(in_an_hour()), kId);
    ASSERT_FALSE(connection_.failure());
  }

  // What comes of a call that `reply` answers.
  BusMessage answered_with(const Bytes& reply) {
    MethodCall call({":1.5", "/org/twinlock/Twinlock1", "org.twinlock.Login1", "Begin"});
    const auto serial = connection_.post(call);
    bus_.say(reply);
    return connection_.await(serial, ":1.5", in_an_hour());
  }

  [[nodiscard]] std::optional<ErrorCode> code() const {
    if (!connection_.failure()) return std::nullopt;
    return connection_.failure()->code;
  }

  static WireMessage reply() {
    WireMessage message;
    message.reply_serial = 2;
    message.sender = ":1.5";
    return message;
  }

  test::ListeningBus bus_;
  BusConnection connection_;
};

TEST_F(BusConnectionTest, SaysWhoItIsAndHello) {
  bus_.say("OK " + std::string(kId) + "\r\n");
  bus_.say(WireMessage{}.bytes());
  EXPECT_EQ(connection_.greet(in_an_hour()), kId);
  const auto heard = bus_.heard();
  EXPECT_TRUE(heard.starts_with(std::string_view("\0AUTH EXTERNAL ", 15)));
  EXPECT_NE(heard.find("\r\nBEGIN\r\n"), std::string::npos);
  EXPECT_NE(heard.find("Hello"), std::string::npos);
}

TEST_F(BusConnectionTest, GivesUpOnABusThatRefusesIt) {
  bus_.say("REJECTED EXTERNAL\r\n");
  EXPECT_EQ(connection_.greet(in_an_hour()), "");
  EXPECT_EQ(code(), ErrorCode::Internal);
}

TEST_F(BusConnectionTest, GivesUpOnWhatIsNoBus) {
  bus_.say(std::string(300, 'x'));
  EXPECT_EQ(connection_.greet(in_an_hour()), "");
  EXPECT_EQ(code(), ErrorCode::Internal);
}

TEST_F(BusConnectionTest, GivesUpAtItsDeadline) {  // S23
  bus_.say("OK ");
  EXPECT_EQ(connection_.greet(now()), "");
  EXPECT_EQ(code(), ErrorCode::Internal);
}

TEST_F(BusConnectionTest, TellsThatTheBusWentAway) {
  bus_.say("OK ");
  bus_.hang_up();
  EXPECT_EQ(connection_.greet(in_an_hour()), "");
  EXPECT_EQ(code(), ErrorCode::Unavailable);
}

TEST_F(BusConnectionTest, ReturnsTheReplyToItsCall) {
  welcome();
  auto message = reply();
  message.signature = "s";
  message.body = {2, 0, 0, 0, 'h', 'i', 0};
  const auto answer = answered_with(message.bytes());
  EXPECT_EQ(answer.signature, "s");
}

TEST_F(BusConnectionTest, PassesOverWhatAnswersNothing) {  // S11
  welcome();
  auto signal = reply();
  signal.type = 4;
  auto call = reply();
  call.type = bus_wire::Call;
  auto other = reply();
  other.reply_serial = 77;
  auto right = reply();
  right.signature = "u";
  right.body = {1, 0, 0, 0};
  Bytes all;
  for (const auto& message : {signal, call, other, right}) {
    const auto bytes = message.bytes();
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  const auto answer = answered_with(all);
  EXPECT_EQ(answer.signature, "u");
}

// Anybody on the system bus may send anybody a signal.
TEST_F(BusConnectionTest, PassesOverSignalsOfAnyShape) {  // S141
  welcome();
  auto signal = reply();
  signal.type = 4;
  auto foreign = signal;
  foreign.order = bus_wire::kByteOrder == 'l' ? 'B' : 'l';
  foreign.body.assign(301, 0xff);
  auto long_one = signal;
  long_one.body.assign(100000, 0xff);
  auto named = signal;
  named.error_name = "org.freedesktop.DBus.Error.NoReply";
  auto odd = signal;
  odd.more_fields = {99, 5, 'a', '{', 's', 'v', '}', 0};
  auto right = reply();
  right.signature = "u";
  right.body = {1, 0, 0, 0};
  Bytes all;
  for (const auto& message : {foreign, long_one, named, odd, right}) {
    const auto bytes = message.bytes();
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  EXPECT_EQ(answered_with(all).signature, "u");
  EXPECT_FALSE(connection_.failure());
}

TEST_F(BusConnectionTest, BelievesNoReplyOfSomebodyElse) {  // S11
  welcome();
  auto message = reply();
  message.sender = ":1.6";
  EXPECT_EQ(answered_with(message.bytes()).type, 0);
  EXPECT_EQ(code(), ErrorCode::Internal);
}

TEST_F(BusConnectionTest, BelievesNoReplyOfTheBusInTheDaemonsPlace) {  // S11
  welcome();
  auto message = reply();
  message.sender = "org.freedesktop.DBus";
  EXPECT_EQ(answered_with(message.bytes()).type, 0);
  EXPECT_EQ(code(), ErrorCode::Internal);
}

TEST_F(BusConnectionTest, TellsAnErrorByItsName) {
  welcome();
  auto error = reply();
  error.type = bus_wire::Failure;
  error.error_name = "org.twinlock.Error.InvalidInput";
  EXPECT_EQ(answered_with(error.bytes()).error_name, "org.twinlock.Error.InvalidInput");
  // Of a daemon that is gone, the bus says so.
  error.reply_serial = 3;
  error.sender = "org.freedesktop.DBus";
  error.error_name = "org.freedesktop.DBus.Error.NoReply";
  EXPECT_EQ(answered_with(error.bytes()).error_name, "org.freedesktop.DBus.Error.NoReply");
  error.reply_serial = 4;
  error.sender = ":1.6";
  EXPECT_EQ(answered_with(error.bytes()).error_name, "");
  EXPECT_EQ(code(), ErrorCode::Internal);
}

TEST_F(BusConnectionTest, TakesAMessageInPieces) {
  bus_.say("OK " + std::string(kId) + "\r");
  std::thread rest([this] {
    const auto hello = WireMessage{}.bytes();
    bus_.say("\n");
    bus_.say(std::span(hello).first(5));
    bus_.say(std::span(hello).subspan(5));
  });
  EXPECT_EQ(connection_.greet(in_an_hour()), kId);
  rest.join();
}

TEST_F(BusConnectionTest, DoesNothingMoreAfterAFailure) {
  bus_.say("REJECTED EXTERNAL\r\n");
  EXPECT_EQ(connection_.greet(in_an_hour()), "");
  static_cast<void>(bus_.heard());
  MethodCall call({":1.5", "/", "org.twinlock.Login1", "Answer", "s"});
  call.add(std::string_view("123456"));
  const auto serial = connection_.post(call);
  EXPECT_EQ(connection_.await(serial, ":1.5", in_an_hour()).type, 0);
  EXPECT_EQ(bus_.heard(), "");
}

TEST_F(BusConnectionTest, RefusesAMessageOver64Kilobytes) {
  welcome();
  auto message = reply();
  message.body.assign(70000, 0);
  EXPECT_EQ(answered_with(message.bytes()).type, 0);
  EXPECT_EQ(code(), ErrorCode::Internal);
}

TEST(BusConnectionAlone, SaysThatThereIsNoBus) {
  for (const std::string& path : {std::string("/nonexistent/bus"), std::string(200, '/')}) {
    const BusConnection connection("unix:path=" + path);
    ASSERT_TRUE(connection.failure());
    EXPECT_EQ(connection.failure()->code, ErrorCode::NotFound);
  }
}

}  // namespace
}  // namespace twinlock::pam
