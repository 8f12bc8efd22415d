// SPDX-License-Identifier: MIT
#include "client/commands/views.h"

#include <gmock/gmock.h>

namespace twinlock::client {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

const Method kConfirmed{"01A", "totp", "phone", 1'700'000'000, 1'700'000'060, 1'700'000'120, {}};
const Method kUnconfirmed{"01B", "hotp", "key\033[5m", 1'700'000'000, 0, 0, {"unconfirmed"}};

TEST(Views, AMethodAsJsonHasTheKeysOfAnAuth0AuthenticationMethod) {
  EXPECT_EQ(methods_as_json({kConfirmed}), json::parse(R"([{
    "id": "01A", "type": "totp", "name": "phone", "confirmed": true, "flags": [],
    "created_at": "2023-11-14T22:13:20Z", "enrolled_at": "2023-11-14T22:14:20Z",
    "last_auth_at": "2023-11-14T22:15:20Z"}])"));
}

TEST(Views, WhatHasNotHappenedIsLeftOut) {
  const auto object = methods_as_json({kUnconfirmed})[0];
  EXPECT_EQ(object["confirmed"], false);
  EXPECT_FALSE(object.contains("enrolled_at"));
  EXPECT_FALSE(object.contains("last_auth_at"));
  EXPECT_EQ(object["flags"], json::array({"unconfirmed"}));
}

TEST(Views, NoMethodsAreAnEmptyArray) { EXPECT_EQ(methods_as_json({}).dump(), "[]"); }

TEST(Views, ANameCannotSteerTheTerminal) {  // S21
  EXPECT_THAT(methods_as_table({kUnconfirmed}, {}), HasSubstr("key[5m"));
  EXPECT_THAT(methods_as_table({kUnconfirmed}, {}), Not(HasSubstr("\033")));
}

TEST(Views, TimesOfMethodsCarryTheirZone) {
  EXPECT_EQ(methods_as_table({kConfirmed}, {}),
            "ID   TYPE  NAME   CREATED (UTC)     LAST USED (UTC)   FLAGS\n"
            "01A  totp  phone  2023-11-14 22:13  2023-11-14 22:15  -\n");
}

TEST(Views, AnAppAndRecoveryCodesFitInto80Columns) {
  const std::string id(26, '0');
  const Method app{id, "totp", "Authenticator app", 1'700'000'000, 1, 1'700'000'000, {}};
  const Method codes{id, "recovery-code", "", 1'700'000'000, 1, 0, {}};
  EXPECT_EQ(methods_as_table({app, codes}, 80),
            "ID                          TYPE           NAME               LAST USED (UTC)\n"
            "00000000000000000000000000  totp           Authenticator app  2023-11-14 22:13\n"
            "00000000000000000000000000  recovery-code  -                  -\n");
}

TEST(Views, NoMethodsAreSaidInWords) {
  EXPECT_EQ(methods_as_table({}, {}), "No authentication methods.\n");
}

TEST(Views, ALongValueIsWrappedUnderItself) {
  EXPECT_EQ(object_as_lines(json::parse(R"({"head": "record 17, MAC 3fa9"})"), {}, 20),
            "head  record 17, MAC\n"
            "      3fa9\n");
}

TEST(Views, AnObjectIsShownInTheOrderAskedForAndNothingOfItIsDropped) {
  const auto object = json::parse(
      R"({"account": "alice", "new_key": "x", "required": true, "factors": ["otp", "sms"],
          "hold": null})");
  EXPECT_EQ(object_as_lines(object, {"account", "required", "absent", "factors"}, {}),
            "account   alice\n"
            "required  yes\n"
            "factors   otp, sms\n"
            "hold      -\n"
            "new key   x\n");
}

TEST(Views, WhatIsNoObjectIsAnInternalError) {
  for (const auto* text : {"", "[]", "{", "null", "{\"a\":1}x"}) {
    const auto parsed = parsed_object(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::Internal);
  }
}

TEST(Views, ACodeIsDigitsAlone) {
  EXPECT_TRUE(is_code("123456"));
  EXPECT_TRUE(is_code("12345678"));
  for (const auto* text : {"", "12a456", "12 456", "12345678901", "١٢٣٤٥٦"}) {
    EXPECT_FALSE(is_code(text)) << text;
  }
}

TEST(Views, SpacesThatAnAppShowsBetweenTheDigitsDoNotCount) {
  EXPECT_EQ(without_spaces(Secret(std::string_view(" 123 456"))).text(), "123456");
  EXPECT_EQ(without_spaces(Secret()).text(), "");
}

}  // namespace
}  // namespace twinlock::client
