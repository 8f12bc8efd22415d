// SPDX-License-Identifier: MIT
#include "daemon/dbus/views.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace twinlock::dbus {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

AuthenticationMethod method_of(MethodType type, Uid uid) {
  AuthenticationMethod method;
  method.owner = {"alice", uid};
  method.type = type;
  method.name = "phone";
  method.created = WallTime(std::chrono::milliseconds(1700000000999));
  method.confirmed = method.created;
  return method;
}

TEST(Views, ShowAMethodInWholeSeconds) {
  const auto wire = to_wire({method_of(MethodType::Totp, 1000)}, {"alice", 1000}, {Factor::Otp});
  ASSERT_EQ(wire.size(), 1U);
  const std::tuple<std::string,
                   std::string,
                   std::string,
                   std::int64_t,
                   std::int64_t,
                   std::int64_t,
                   std::vector<std::string>>& shown = wire[0];
  const auto& [id, type, name, created, confirmed, last_used, flags] = shown;
  EXPECT_EQ(id.size(), 26U);
  EXPECT_EQ(type, "totp");
  EXPECT_EQ(name, "phone");
  EXPECT_EQ(created, 1700000000);
  EXPECT_EQ(confirmed, 1700000000);
  EXPECT_EQ(last_used, 0);
  EXPECT_TRUE(flags.empty());
}

TEST(Views, FlagWhatDoesNotCount) {
  auto method = method_of(MethodType::Hotp, 999);
  method.confirmed = std::nullopt;
  method.weak = true;
  const auto wire = to_wire({method}, {"alice", 1000}, {});
  EXPECT_THAT(std::get<6>(wire[0]), ElementsAre("unconfirmed", "weak", "foreign-uid", "disabled"));
}

TEST(Views, DoNotCallRecoveryCodesDisabledThatALoginAccepts) {
  const auto wire = to_wire({method_of(MethodType::RecoveryCode, 1000)}, {"alice", 1000}, {});
  EXPECT_TRUE(std::get<6>(wire[0]).empty());
}

// docs/audit-log.md
TEST(Views, ShowARecordWithTheKeysThatAreDocumented) {
  AuditRecord record{};
  record.sequence = 1042;
  record.event.time = WallTime(std::chrono::milliseconds(1700000000123));
  record.event.type = AuditEventType::LoginGranted;
  record.event.user = "alice";
  record.event.uid = 1000;
  record.event.service = "sshd";
  record.event.method_type = MethodType::Totp;
  record.event.reason = Reason::RightCode;
  const auto object = json::parse(to_json(record));
  EXPECT_EQ(object,
            json({{"seq", 1042},
                  {"time", "2023-11-14T22:13:20.123Z"},
                  {"event", "login-granted"},
                  {"severity", "info"},
                  {"result", "granted"},
                  {"user", "alice"},
                  {"uid", 1000},
                  {"service", "sshd"},
                  {"method_type", "totp"},
                  {"reason", "right-code"}}));
}

// S150: a damaged record is shown, not a crash.
TEST(Views, ShowBytesThatAreNoText) {
  AuditRecord record{};
  record.event.type = static_cast<AuditEventType>(9999);
  record.event.detail = "\xff\xfe";
  EXPECT_FALSE(json::parse(to_json(record))["detail"].get<std::string>().empty());
}

TEST(Views, ShowHowAnAccountStands) {
  AccountStatus status;
  status.account = {"alice", 1000};
  status.policy = LoginPolicy::AllApplications;
  status.demanded = true;
  status.factors = {Factor::Otp};
  status.recovery_codes_left = 3;
  const auto object = json::parse(to_json(status));
  EXPECT_EQ(object["account"], "alice");
  EXPECT_EQ(object["uid"], 1000);
  EXPECT_EQ(object["policy"], "all-applications");
  EXPECT_EQ(object["required"], true);
  EXPECT_EQ(object["enrolled"], false);
  EXPECT_EQ(object["factors"], json::array({"otp"}));
  EXPECT_EQ(object["recovery_codes_left"], 3);
  EXPECT_TRUE(object["hold"].is_null());
  EXPECT_FALSE(object.contains("gone"));
  status.gone = true;
  EXPECT_EQ(json::parse(to_json(status))["gone"], true);
}

TEST(Views, ReadWhatIsAskedOfAnAuthenticator) {
  const auto request = parse_otp({"totp", "phone", "sha256", 8, 60});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->parameters.algorithm, HashAlgorithm::Sha256);
  EXPECT_EQ(request->parameters.digits, 8);
  EXPECT_EQ(request->parameters.period, std::chrono::seconds(60));
}

// S38
TEST(Views, RefuseWhatNoAuthenticatorIs) {
  EXPECT_FALSE(parse_otp({"sms", "", "SHA1", 6, 30}));
  EXPECT_FALSE(parse_otp({"totp", "", "MD5", 6, 30}));
  EXPECT_FALSE(parse_method_id("x"));
  EXPECT_FALSE(parse_method_id(""));
  // Numbers that don't fit an int stay out of the domain's bounds instead of coming back into them.
  const auto request = parse_otp({"totp", "", "SHA1", 4294967295U, 4294967295U});
  ASSERT_TRUE(request);
  EXPECT_GT(request->parameters.digits, 8);
}

}  // namespace
}  // namespace twinlock::dbus
