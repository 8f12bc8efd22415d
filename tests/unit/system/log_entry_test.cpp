// SPDX-License-Identifier: MIT
#include "daemon/system/log_entry.h"

#include <gmock/gmock.h>

#include <set>

namespace twinlock {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

AuditEvent denied_login() {
  AuditEvent event{};
  event.time = WallTime(std::chrono::milliseconds(1700000000123));
  event.type = AuditEventType::LoginDenied;
  event.user = "alice";
  event.uid = 1000;
  event.service = "sshd";
  event.source = "203.0.113.7";
  event.method_type = MethodType::Totp;
  event.reason = Reason::WrongCode;
  event.conversation = "00ff";
  return event;
}

// S126
TEST(LogEntry, HasAFieldForEachThingKnown) {
  const auto entry = entry_of(denied_login(), "host1");
  EXPECT_EQ(value_of(entry, "PRIORITY"), "5");
  EXPECT_EQ(value_of(entry, "SYSLOG_IDENTIFIER"), "twinlockd");
  EXPECT_EQ(value_of(entry, "MESSAGE_ID").size(), 32U);
  EXPECT_EQ(value_of(entry, "TWINLOCK_EVENT"), "login-denied");
  EXPECT_EQ(value_of(entry, "TWINLOCK_TIME"), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(value_of(entry, "TWINLOCK_RESULT"), "denied");
  EXPECT_EQ(value_of(entry, "TWINLOCK_REASON"), "wrong-code");
  EXPECT_EQ(value_of(entry, "TWINLOCK_USER"), "alice");
  EXPECT_EQ(value_of(entry, "TWINLOCK_UID"), "1000");
  EXPECT_EQ(value_of(entry, "TWINLOCK_SERVICE"), "sshd");
  EXPECT_EQ(value_of(entry, "TWINLOCK_SOURCE"), "203.0.113.7");
  EXPECT_EQ(value_of(entry, "TWINLOCK_HOST"), "host1");
  EXPECT_EQ(value_of(entry, "TWINLOCK_METHOD_TYPE"), "totp");
  EXPECT_EQ(value_of(entry, "TWINLOCK_CONVERSATION"), "00ff");
}

TEST(LogEntry, SaysTheSameInItsMessage) {
  EXPECT_EQ(value_of(entry_of(denied_login(), "host1"), "MESSAGE"),
            "login-denied result=denied reason=wrong-code user=alice uid=1000 service=sshd "
            "source=203.0.113.7 method_type=totp conversation=00ff");
}

TEST(LogEntry, HasAnIdentifierForEachKindOfEvent) {
  std::set<std::string> seen;
  for (int number = 1; number <= 60; ++number) {
    auto event = denied_login();
    event.type = static_cast<AuditEventType>(number);
    EXPECT_TRUE(seen.insert(std::string(value_of(entry_of(event, ""), "MESSAGE_ID"))).second);
  }
}

// S125
TEST(LogEntry, LetsNoValueForgeALineOrAField) {
  auto event = denied_login();
  event.detail = "x\nlogin-granted user=root \"quoted\" back\\slash \x1b[31m \xff";
  const auto line = line_of(entry_of(event, ""), event.time);
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  EXPECT_THAT(line, Not(HasSubstr("\x1b")));
  EXPECT_THAT(line,
              HasSubstr("detail=\"x\\x0alogin-granted user=root \\x22quoted\\x22 back\\x5cslash "
                        "\\x1b[31m \\xff\""));
}

// S125: a terminal takes U+009B for an escape sequence, and shows what follows U+202E backwards.
TEST(LogEntry, LetsNoCharacterShowAnotherLineThanTheOneThatIsThere) {
  auto event = denied_login();
  event.user = "Zo\u00eb\u009b2K\u202egnp.exe\u2066\u2069\u061c\u200e\u200f\u2028\u2029\u0085";
  EXPECT_THAT(
      line_of(entry_of(event, ""), event.time),
      HasSubstr(
          "user=Zo\u00eb\\xc2\\x9b2K\\xe2\\x80\\xaegnp.exe\\xe2\\x81\\xa6\\xe2\\x81\\xa9"
          "\\xd8\\x9c\\xe2\\x80\\x8e\\xe2\\x80\\x8f\\xe2\\x80\\xa8\\xe2\\x80\\xa9\\xc2\\x85 "));
}

// S125: fields and entries are bounded.
TEST(LogEntry, IsBounded) {
  auto event = denied_login();
  const std::string huge(100000, '\x01');
  event.user = event.service = event.source = event.conversation = event.actor = event.detail =
      huge;
  std::size_t total = 0;
  for (const auto& field : entry_of(event, huge)) {
    const bool is_message = field.name == "MESSAGE";
    EXPECT_LE(field.value.size(), is_message ? kMaxEntryBytes : kMaxFieldBytes) << field.name;
    total += field.name.size() + field.value.size() + 2;
  }
  EXPECT_LE(total, kMaxEntryBytes);
}

TEST(LogEntry, NeverEndsInsideACharacter) {
  auto event = denied_login();
  event.detail = std::string(255, 'a') + "\xc3\xa4";
  EXPECT_EQ(value_of(entry_of(event, ""), "TWINLOCK_DETAIL"), std::string(255, 'a'));
}

}  // namespace
}  // namespace twinlock
