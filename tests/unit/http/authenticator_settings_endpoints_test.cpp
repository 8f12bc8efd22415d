// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/unit/http/api_world.h"

namespace twinlock::http {
namespace {

using testing::HasSubstr;

const std::string kDuo = "/api/v2/guardian/factors/duo/settings";
const std::string kRoaming = "/api/v2/guardian/factors/webauthn-roaming/settings";
const std::string kPlatform = "/api/v2/guardian/factors/webauthn-platform/settings";

class AuthenticatorSettingsTest : public testing::Test {
 protected:
  ApiWorld api_;
};

TEST_F(AuthenticatorSettingsTest, G39ToG41KeepDuoWithItsSecretMasked) {  // S66
  EXPECT_EQ(api_.get(kDuo).body, Json::object());
  const Json masked{{"host", "api-hostname"}, {"ikey", "someKey"}, {"skey", "********"}};
  EXPECT_EQ(
      api_.put(kDuo, {{"host", "api-hostname"}, {"ikey", "someKey"}, {"skey", "planted"}}).body,
      masked);
  EXPECT_EQ(api_.get(kDuo).body, masked);
  EXPECT_EQ(api_.patch(kDuo, {{"host", "other"}}).body["skey"], "********");
  EXPECT_EQ(api_.put(kDuo, {{"skey", "********"}}).body, Json({{"skey", "********"}}));
  EXPECT_EQ(text_in(*api_.groups.read(SettingGroup::Duo), "skey"), "planted");
  EXPECT_EQ(api_.put(kDuo, Json::object()).body, Json::object());
  for (const auto& body : {Json{{"skey", ""}}, Json{{"skey", nullptr}}, Json{{"x", "y"}}}) {
    EXPECT_EQ(api_.put(kDuo, body).status, 400) << body;
  }
}

TEST_F(AuthenticatorSettingsTest, G42AndG43KeepWhatSecurityKeysAreAskedFor) {
  EXPECT_EQ(api_.get(kRoaming).body,
            Json({{"overrideRelyingParty", false}, {"userVerification", "preferred"}}));
  EXPECT_EQ(api_.put(kRoaming, {{"userVerification", "required"}}).body,
            Json({{"userVerification", "required"}}))
      << "the fields sent";
  EXPECT_EQ(api_.put(kRoaming, {{"overrideRelyingParty", false}}).status, 200);
  EXPECT_EQ(api_.get(kRoaming).body["userVerification"], "required") << "it merges";
  EXPECT_EQ(api_.put(kRoaming, Json::object()).status, 200);
  for (const auto& body : {Json{{"userVerification", "always"}},
                           Json{{"overrideRelyingParty", "true"}},
                           Json{{"relyingPartyIdentifier", "a b"}},
                           Json{{"relyingParty", "x"}}}) {
    EXPECT_EQ(api_.put(kRoaming, body).status, 400) << body;
  }
}

TEST_F(AuthenticatorSettingsTest, G44AndG45KeepThoseOfAuthenticatorsBuiltIn) {
  EXPECT_EQ(api_.get(kPlatform).body, Json({{"overrideRelyingParty", false}}));
  const Json body{{"overrideRelyingParty", true}, {"relyingPartyIdentifier", "example.com"}};
  EXPECT_EQ(api_.put(kPlatform, body).body, body);
  EXPECT_EQ(api_.get(kPlatform).body, body);
  EXPECT_EQ(api_.put(kPlatform, {{"userVerification", "required"}}).status, 400);
}

TEST_F(AuthenticatorSettingsTest, G43AndG45TakeOurNameOrADomainOfIt) {
  for (const auto* good : {"id.example.com", "example.com"}) {
    EXPECT_EQ(api_.put(kRoaming, {{"relyingPartyIdentifier", good}}).status, 200) << good;
  }
  for (const auto* bad :
       {"other.com", "xample.com", "com", "id.example.com.", "a.id.example.com"}) {
    const auto answer = api_.put(kPlatform, {{"relyingPartyIdentifier", bad}});
    EXPECT_EQ(answer.status, 400) << bad;
    EXPECT_EQ(answer.error_code(), "invalid_body");
  }
}

TEST_F(AuthenticatorSettingsTest, G43ChangesNoRelyingPartyThatKeysBelongTo) {
  api_.directory.add({"alice", 1000});
  for (const auto* id : {"YQ", "Yg", "Yw"}) {
    ASSERT_EQ(api_.post("/api/v2/users/alice/authentication-methods",
                        {{"type", "passkey"}, {"key_id", id}, {"public_key", "pQECAyYgASFYIA"}})
                  .status,
              201);
  }
  const Json body{{"overrideRelyingParty", true}, {"relyingPartyIdentifier", "example.com"}};
  const auto refused = api_.put(kRoaming, body);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.body["error"], "Conflict");
  EXPECT_THAT(refused.message(), HasSubstr("3 keys"));
  EXPECT_FALSE(api_.get(kRoaming).body.contains("relyingPartyIdentifier"));
  EXPECT_EQ(api_.put(kRoaming, {{"userVerification", "required"}}).status, 200);
  ASSERT_EQ(api_.remove("/api/v2/users/alice/authentication-methods").status, 204);
  EXPECT_EQ(api_.put(kRoaming, body).status, 200);
}

TEST_F(AuthenticatorSettingsTest, EachNeedsTheScopeOfFactors) {  // S65
  api_.act_with({"read:users"});
  for (const auto& path : {kDuo, kRoaming, kPlatform}) {
    EXPECT_EQ(api_.get(path).status, 403);
    EXPECT_EQ(api_.put(path, Json::object()).status, 403);
  }
}

}  // namespace
}  // namespace twinlock::http
