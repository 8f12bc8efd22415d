// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/unit/http/api_world.h"

namespace twinlock::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kFactorsPath = "/api/v2/guardian/factors";
constexpr const char* kPoliciesPath = "/api/v2/guardian/policies";

class FactorEndpointsTest : public testing::Test {
 protected:
  ApiWorld api_;
};

TEST_F(FactorEndpointsTest, G01ListsTheEightFactorsInAuth0sOrderAllOffAtFirst) {  // S151
  const auto answer = api_.get(kFactorsPath);
  EXPECT_EQ(answer.status, 200);
  auto expected = Json::array();
  for (const auto* name : {"sms",
                           "push-notification",
                           "otp",
                           "email",
                           "duo",
                           "webauthn-roaming",
                           "webauthn-platform",
                           "recovery-code"}) {
    expected.push_back({{"name", name}, {"enabled", false}, {"trial_expired", false}});
  }
  EXPECT_EQ(answer.body, expected);
}

TEST_F(FactorEndpointsTest, G01ShowsSettingsOfWhatSendsCodesIfAsked) {
  ASSERT_EQ(api_.put("/api/v2/guardian/factors/email/settings",
                     {{"otp_length", 8}, {"otp_expiration_time", 600}})
                .status,
            200);
  const auto answer = api_.get("/api/v2/guardian/factors?include_settings=true");
  EXPECT_EQ(answer.body[0]["settings"], Json({{"otp_length", 6}, {"otp_expiration_time", 300}}));
  EXPECT_EQ(answer.body[3]["settings"], Json({{"otp_length", 8}, {"otp_expiration_time", 600}}));
  EXPECT_EQ(answer.body[2]["settings"], Json::object());
  EXPECT_FALSE(api_.get(kFactorsPath).body[0].contains("settings"));
  const auto refused = api_.get("/api/v2/guardian/factors?include_settings=yes");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.error_code(), "invalid_query_string");
}

TEST_F(FactorEndpointsTest, G02ShowsOneFactor) {
  EXPECT_EQ(api_.get("/api/v2/guardian/factors/otp").body,
            Json({{"name", "otp"}, {"enabled", false}, {"trial_expired", false}}));
}

TEST_F(FactorEndpointsTest, G02AndG03KnowNoOtherNames) {
  for (const auto* name : {"phone", "voice", "OTP", "fax", "otp%20"}) {
    const auto path = std::string(kFactorsPath) + "/" + name;
    for (const auto& answer : {api_.get(path), api_.put(path, {{"enabled", true}})}) {
      EXPECT_EQ(answer.status, 400) << name;
      EXPECT_EQ(answer.error_code(), "invalid_uri") << name;
      EXPECT_THAT(answer.message(), StartsWith("Path validation error: '")) << name;
    }
  }
}

TEST_F(FactorEndpointsTest, G03SwitchesWhatTheNextLoginReads) {
  const auto answer = api_.put("/api/v2/guardian/factors/otp", {{"enabled", true}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, Json({{"name", "otp"}, {"enabled", true}, {"trial_expired", false}}));
  EXPECT_THAT(api_.memory.settings()->enabled, testing::ElementsAre(Factor::Otp));
  EXPECT_EQ(api_.put("/api/v2/guardian/factors/otp", {{"enabled", true}}).status, 200);
  EXPECT_EQ(api_.audited(AuditEventType::FactorChanged).size(), 1U);
  EXPECT_THAT(api_.audited(AuditEventType::FactorChanged)[0].actor, HasSubstr("client "));
}

TEST_F(FactorEndpointsTest, G03TakesEachFactorOnAndOff) {
  for (const auto factor : kFactors) {
    const auto path = std::string(kFactorsPath) + "/" + std::string(factor_name(factor));
    EXPECT_EQ(api_.put(path, {{"enabled", true}}).body["enabled"], true);
    EXPECT_EQ(api_.get(path).body["enabled"], true);
    EXPECT_EQ(api_.put(path, {{"enabled", false}}).body["enabled"], false);
    EXPECT_EQ(api_.get(path).body["enabled"], false);
  }
}

TEST_F(FactorEndpointsTest, G03RefusesOtherBodiesAndChangesNothing) {  // C08, C10
  const std::string path = "/api/v2/guardian/factors/otp";
  const struct {
    Json body;
    const char* message;
  } cases[] = {
      {Json::object(), "Payload validation error: 'Missing required property: enabled'."},
      {{{"enabled", "true"}}, "'Expected type boolean but found type string' on property enabled"},
      {{{"enabled", 1}}, "'Expected type boolean but found type integer' on property enabled"},
      {{{"enabled", nullptr}}, "'Expected type boolean but found type null' on property enabled"},
      {{{"enabled", true}, {"foo", 1}}, "'Additional properties not allowed: foo'."},
      {Json::array(), "Payload validation error: "}};
  for (const auto& [body, message] : cases) {
    const auto answer = api_.put(path, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.error_code(), "invalid_body") << body;
    EXPECT_THAT(answer.message(), HasSubstr(message)) << body;
  }
  EXPECT_EQ(api_.call(Method::Put, path, "", {}).status, 400) << "a body-less PUT is no switch";
  EXPECT_EQ(api_.call(Method::Put, path, "enabled=true", {{"Content-Type", "text/plain"}}).status,
            415);
  const auto no_json =
      api_.call(Method::Put, path, "{enabled", {{"Content-Type", "application/json"}});
  EXPECT_EQ(no_json.message(), "Invalid request payload JSON format");
  EXPECT_TRUE(api_.memory.settings()->enabled.empty());
}

TEST_F(FactorEndpointsTest, G03ToleratesWhatG01Sends) {
  EXPECT_EQ(api_.put("/api/v2/guardian/factors/sms",
                     {{"name", "sms"}, {"enabled", true}, {"trial_expired", false}})
                .status,
            200);
}

TEST_F(FactorEndpointsTest, G03SwitchesTheLastFactorOffForWhomMay) {  // S67
  ASSERT_EQ(api_.put("/api/v2/guardian/factors/otp", {{"enabled", true}}).status, 200);
  ASSERT_EQ(api_.put("/api/v2/guardian/factors/sms", {{"enabled", true}}).status, 200);
  api_.act_with({"update:guardian_factors"});
  EXPECT_EQ(api_.put("/api/v2/guardian/factors/sms", {{"enabled", false}}).status, 200);
  const auto refused = api_.put("/api/v2/guardian/factors/otp", {{"enabled", false}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.message(), "Insufficient scope, expected any of: disable:mfa");
  EXPECT_EQ(refused.error_code(), "insufficient_scope");
  EXPECT_EQ(api_.memory.settings()->enabled.size(), 1U);
  api_.act_with({"update:guardian_factors", "disable:mfa"});
  EXPECT_EQ(api_.put("/api/v2/guardian/factors/otp", {{"enabled", false}}).status, 200);
  EXPECT_EQ(severity_of(api_.audited(AuditEventType::FactorChanged).back()), Severity::Alert);
}

TEST_F(FactorEndpointsTest, G03CountsNoFactorThatLoginsDoNotHave) {  // S67
  for (const auto* name : {"otp", "duo", "recovery-code"}) {
    ASSERT_EQ(api_.put(std::string(kFactorsPath) + "/" + name, {{"enabled", true}}).status, 200);
  }
  api_.act_with({"update:guardian_factors"});
  EXPECT_EQ(api_.put(std::string(kFactorsPath) + "/otp", {{"enabled", false}}).status, 403);
  EXPECT_EQ(api_.put(std::string(kFactorsPath) + "/recovery-code", {{"enabled", false}}).status,
            200);
}

TEST_F(FactorEndpointsTest, G04IsEmptyAtFirst) {
  EXPECT_EQ(api_.get(kPoliciesPath).body, Json::array());
}

TEST_F(FactorEndpointsTest, G05SetsThePolicyOfTheNextLogin) {
  const auto answer = api_.put(kPoliciesPath, Json::array({"all-applications"}));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, Json::array({"all-applications"}));
  EXPECT_EQ(api_.memory.settings()->policy, LoginPolicy::AllApplications);
  EXPECT_EQ(api_.put(kPoliciesPath, Json::array({"confidence-score"})).status, 200);
  EXPECT_EQ(api_.get(kPoliciesPath).body, Json::array({"confidence-score"}));
  EXPECT_EQ(api_.put(kPoliciesPath, Json::array()).body, Json::array());
  EXPECT_EQ(api_.memory.settings()->policy, LoginPolicy::None);
}

TEST_F(FactorEndpointsTest, G05RefusesEverythingElseAndChangesNothing) {
  ASSERT_EQ(api_.put(kPoliciesPath, Json::array({"all-applications"})).status, 200);
  for (const auto& body : {Json::array({"never"}),
                           Json::array({"all-applications", "confidence-score"}),
                           Json::array({"all-applications", "all-applications"}),
                           Json::array({nullptr}),
                           Json({{"policies", Json::array()}}),
                           Json("all-applications")}) {
    const auto answer = api_.put(kPoliciesPath, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.error_code(), "invalid_body") << body;
  }
  EXPECT_EQ(api_.memory.settings()->policy, LoginPolicy::AllApplications);
}

TEST_F(FactorEndpointsTest, G06IsAnAliasOfG05) {
  EXPECT_EQ(api_.patch(kPoliciesPath, Json::array({"all-applications"})).status, 200);
  EXPECT_EQ(api_.get(kPoliciesPath).body, Json::array({"all-applications"}));
}

TEST_F(FactorEndpointsTest, G05SwitchesThePolicyOffForWhomMay) {  // S67
  ASSERT_EQ(api_.put(kPoliciesPath, Json::array({"all-applications"})).status, 200);
  api_.act_with({"update:mfa_policies"});
  const auto refused = api_.put(kPoliciesPath, Json::array());
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.error_code(), "insufficient_scope");
  EXPECT_EQ(api_.memory.settings()->policy, LoginPolicy::AllApplications);
  api_.act_with({"update:mfa_policies", "disable:mfa"});
  EXPECT_EQ(api_.put(kPoliciesPath, Json::array()).status, 200);
  EXPECT_EQ(severity_of(api_.audited(AuditEventType::PolicyChanged).back()), Severity::Alert);
}

TEST_F(FactorEndpointsTest, EachNeedsOneOfItsScopes) {  // S65
  api_.act_with({"read:users"});
  const auto refused = api_.get(kFactorsPath);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.message(), "Insufficient scope, expected any of: read:guardian_factors");
  EXPECT_EQ(api_.get(kPoliciesPath).message(),
            "Insufficient scope, expected any of: read:mfa_policies,read:guardian_factors");
  EXPECT_EQ(api_.put("/api/v2/guardian/factors/otp", {{"enabled", true}}).status, 403);
  EXPECT_EQ(api_.put(kPoliciesPath, Json::array()).status, 403);
  api_.act_with({"read:mfa_policies"});
  EXPECT_EQ(api_.get(kPoliciesPath).status, 200);
}

TEST_F(FactorEndpointsTest, AStoreThatCanNotAnswerIs503) {
  api_.faults.fail_next("settings", Fault::Error);
  const auto answer = api_.get(kFactorsPath);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.message(), "The service is temporarily unavailable.");
  EXPECT_EQ(answer.error_code(), "service_unavailable");
  EXPECT_NE(answer.header("Retry-After"), "");
  api_.faults.fail_next("set_factor", Fault::Error);
  EXPECT_EQ(api_.put("/api/v2/guardian/factors/otp", {{"enabled", true}}).status, 503);
  EXPECT_TRUE(api_.memory.settings()->enabled.empty());
}

}  // namespace
}  // namespace twinlock::http
