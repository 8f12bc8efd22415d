// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "daemon/http/tenant.h"
#include "tests/unit/http/api_world.h"

namespace twinlock::http {
namespace {

const std::string kTenant = "/api/v2/tenants/settings";
const std::string kGuardian = "/api/v2/guardian/settings";
const std::string kRisk = "/api/v2/risk-assessments/settings";

class TenantEndpointsTest : public testing::Test {
 protected:
  ApiWorld api_;
};

TEST_F(TenantEndpointsTest, A04HasWhatClientsReadFromTheBeginning) {
  const auto tenant = api_.get(kTenant).body;
  EXPECT_EQ(tenant["phone_consolidated_experience"], false);
  EXPECT_EQ(tenant["enabled_locales"], Json::array({"en"}));
  EXPECT_EQ(tenant["flags"]["disable_management_api_sms_obfuscation"], true);
  EXPECT_EQ(tenant["customize_mfa_in_postlogin_action"], false);
  EXPECT_EQ(tenant["guardian_mfa_page"], Json({{"enabled", false}}));
}

TEST_F(TenantEndpointsTest, A04ShowsTheFieldsAskedFor) {
  EXPECT_EQ(api_.get(kTenant + "?fields=session_lifetime,flags.enable_sso").body,
            Json({{"session_lifetime", 168}, {"flags", {{"enable_sso", true}}}}));
  const auto rest = api_.get(kTenant + "?fields=flags&include_fields=false").body;
  EXPECT_FALSE(rest.contains("flags"));
  EXPECT_TRUE(rest.contains("friendly_name"));
  EXPECT_EQ(api_.get(kTenant + "?include_fields=maybe").error_code(), "invalid_query_string");
}

TEST_F(TenantEndpointsTest, A05MergesAndKeepsWhatItDoesNotKnow) {
  const auto changed = api_.patch(kTenant,
                                  {{"friendly_name", "Example Ltd"},
                                   {"country_codes", {{"list", {"US"}}, {"mode", "allow"}}},
                                   {"flags", {{"enable_sso", false}}}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body["friendly_name"], "Example Ltd");
  EXPECT_EQ(changed.body["country_codes"]["mode"], "allow");
  EXPECT_EQ(changed.body["flags"]["enable_sso"], false);
  EXPECT_EQ(changed.body["flags"]["universal_login"], true) << "flags merge";
  EXPECT_EQ(api_.get(kTenant).body, changed.body);
  const auto erased =
      api_.patch(kTenant, {{"country_codes", nullptr}, {"friendly_name", nullptr}}).body;
  EXPECT_FALSE(erased.contains("country_codes"));
  EXPECT_EQ(erased["friendly_name"], "") << "back to what it is by itself";
  EXPECT_EQ(erased["flags"]["enable_sso"], false);
}

TEST_F(TenantEndpointsTest, A05RefusesWrongTypesAndEndlessGrowth) {
  for (const auto& body : {Json{{"friendly_name", 1}},
                           Json{{"enabled_locales", "en"}},
                           Json{{"flags", {{"enable_sso", "yes"}}}},
                           Json{{"phone_consolidated_experience", "false"}},
                           Json{{"sessions", 5}},
                           Json{{"universal_login", Json::array()}},
                           Json{{"session_cookie", {{"mode", "x"}}}},
                           Json{{"sandbox_versions_available", {1}}},
                           Json{{"friendly_name", "a\nb"}},
                           Json::array()}) {
    const auto answer = api_.patch(kTenant, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.error_code(), "invalid_body") << body;
  }
  int status = 200;
  for (int n = 0; n < 10 && status == 200; ++n) {
    status = api_.patch(kTenant, {{"x" + std::to_string(n), std::string(60'000, 'x')}}).status;
  }
  EXPECT_EQ(status, 400);
}

TEST_F(TenantEndpointsTest, A05DecidesWhetherNumbersAreShown) {
  EXPECT_EQ(method_presentation(api_.groups)->contacts, Contacts::Clear);
  api_.patch(kTenant, {{"flags", {{"disable_management_api_sms_obfuscation", false}}}});
  EXPECT_EQ(method_presentation(api_.groups)->contacts, Contacts::Masked);
}

TEST_F(TenantEndpointsTest, A04AndA05NeedTheirScopes) {  // S65
  api_.act_with({"read:guardian_factors"});
  EXPECT_EQ(api_.get(kTenant).status, 200);
  EXPECT_EQ(api_.patch(kTenant, Json::object()).status, 403);
  api_.act_with({"read:users"});
  EXPECT_EQ(api_.get(kTenant).error_code(), "insufficient_scope");
  EXPECT_EQ(api_.get(kGuardian).error_code(), "insufficient_scope");
  EXPECT_EQ(api_.get(kRisk).status, 403);
}

TEST_F(TenantEndpointsTest, G07AndG08KeepForHowLongPlacesAreRemembered) {
  const Json defaults{{"display_remember_me_checkbox", true},
                      {"remember_me_default_value", false},
                      {"mfa_session_inactivity_timeout", 604800},
                      {"mfa_session_overall_timeout", 2592000}};
  EXPECT_EQ(api_.get(kGuardian).body, defaults);
  auto body = defaults;
  body["remember_me_default_value"] = true;
  body["mfa_session_inactivity_timeout"] = 3600;
  body["mfa_session_overall_timeout"] = 3600;
  EXPECT_EQ(api_.put(kGuardian, body).body, body);
  EXPECT_EQ(api_.get(kGuardian).body, body);
  for (const auto& [name, value] : {std::pair{"mfa_session_inactivity_timeout", 3599},
                                    std::pair{"mfa_session_inactivity_timeout", 3601},
                                    std::pair{"mfa_session_overall_timeout", 7776001}}) {
    auto bad = body;
    bad[name] = value;
    EXPECT_EQ(api_.put(kGuardian, bad).error_code(), "invalid_body") << bad;
  }
  body.erase("mfa_session_overall_timeout");
  EXPECT_EQ(api_.put(kGuardian, body).message(),
            "Payload validation error: 'Missing required property: mfa_session_overall_timeout'.");
}

TEST_F(TenantEndpointsTest, TheDescriptionIsServedToAnybody) {
  const auto answer = api_.call(Method::Get, "/openapi.json", "", {{"Authorization", "none"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body["openapi"], "3.1.0");
}

TEST_F(TenantEndpointsTest, ThePictureOfWhoeverHasNoneIsServedToAnybody) {
  const auto answer = api_.call(Method::Get, "/static/avatar.svg", "", {{"Authorization", "none"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "image/svg+xml; charset=utf-8");
}

TEST_F(TenantEndpointsTest, HealthIsToldToAnybody) {  // S72
  const auto ask = [this](const char* path) {
    return api_.call(Method::Get, path, "", {{"Authorization", "none"}});
  };
  EXPECT_EQ(ask("/healthz").body, Json({{"status", "ok"}}));
  EXPECT_EQ(ask("/readyz").body, Json({{"status", "ready"}}));
  api_.faults.fail_next("settings", Fault::Error);
  EXPECT_EQ(ask("/readyz").status, 503);
}

TEST_F(TenantEndpointsTest, A12ToA15KeepTheSwitchesOfRisk) {
  EXPECT_EQ(api_.get(kRisk).body, Json({{"enabled", false}}));
  EXPECT_EQ(api_.patch(kRisk, {{"enabled", true}}).body, Json({{"enabled", true}}));
  EXPECT_EQ(api_.get(kRisk).body, Json({{"enabled", true}}));
  EXPECT_EQ(api_.patch(kRisk, {{"enabled", 1}}).status, 400);
  const auto device = kRisk + "/new-device";
  EXPECT_EQ(api_.get(device).body, Json({{"remember_for", 30}}));
  EXPECT_EQ(api_.patch(device, {{"remember_for", 60}}).body, Json({{"remember_for", 60}}));
  EXPECT_EQ(api_.get(device).body, Json({{"remember_for", 60}}));
  EXPECT_EQ(api_.patch(device, {{"remember_for", 0}}).status, 400);
}

}  // namespace
}  // namespace twinlock::http
