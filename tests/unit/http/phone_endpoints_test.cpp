// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/unit/http/api_world.h"

namespace twinlock::http {
namespace {

using testing::HasSubstr;

const std::string kBase = "/api/v2/guardian/factors/";
const std::string kTwilio = kBase + "sms/providers/twilio";

class PhoneEndpointsTest : public testing::Test {
 protected:
  // One refused body each, which changes nothing at `path`.
  void expect_refused(const std::string& path, const std::vector<Json>& bodies) {
    const auto before = api_.get(path).body;
    for (const auto& body : bodies) {
      const auto answer = api_.put(path, body);
      EXPECT_EQ(answer.status, 400) << path << ' ' << body;
      EXPECT_EQ(answer.error_code(), "invalid_body") << body;
    }
    EXPECT_EQ(api_.get(path).body, before);
  }

  ApiWorld api_;
};

TEST_F(PhoneEndpointsTest, G09AndG10KeepMessageTypesInTheirOrder) {
  const auto path = kBase + "phone/message-types";
  EXPECT_EQ(api_.get(path).body, Json({{"message_types", {"sms"}}}));
  for (const auto& types : {Json::array({"voice", "sms"}), Json::array({"voice"}), Json::array()}) {
    const Json body{{"message_types", types}};
    EXPECT_EQ(api_.put(path, body).body, body) << "while the factor is off, too";
    EXPECT_EQ(api_.get(path).body, body);
  }
  expect_refused(path,
                 {Json::object(),
                  {{"message_types", {"fax"}}},
                  {{"message_types", {"sms", "sms"}}},
                  {{"message_types", "sms"}},
                  Json::array({"sms"})});
  EXPECT_THAT(api_.put(path, {{"message_types", {"fax"}}}).message(),
              HasSubstr("'No enum match for: fax' on property message_types[0]"));
}

TEST_F(PhoneEndpointsTest, G09AnswersAuthHerosConsoleInItsForm) {
  const auto answer =
      api_.call(Method::Get, kBase + "phone/message-types", "", {{"tenant-id", "main"}});
  EXPECT_EQ(answer.body, Json::array({{{"message_type", "sms"}}}));
}

TEST_F(PhoneEndpointsTest, G11ToG14SelectOneProviderUnderBothNames) {
  for (const auto* name : {"phone", "sms"}) {
    const auto path = kBase + name + "/selected-provider";
    const auto other =
        kBase + (name == std::string("sms") ? "phone" : "sms") + "/selected-provider";
    const std::vector<std::pair<const char*, const char*>> providers{
        {"auth0", "auth0"},
        {"phone-message-hook", "phone-message-hook"},
        {"phone_message_hook", "phone-message-hook"},
        {"vonage", "vonage"},
        {"aws-sns", "aws_sns"},
        {"aws_sns", "aws_sns"},
        {"twilio", "twilio"}};
    for (const auto& [sent, answered] : providers) {
      EXPECT_EQ(api_.put(path, {{"provider", sent}}).body, Json({{"provider", answered}}));
      EXPECT_EQ(api_.get(other).body, Json({{"provider", answered}}));
    }
    expect_refused(path,
                   {Json::object(),
                    {{"provider", "nexmo"}},
                    {{"provider", nullptr}},
                    {{"provider", "twilio"}, {"x", 1}}});
  }
}

TEST_F(PhoneEndpointsTest, G11AndG13SayTwilioAtFirst) {
  EXPECT_EQ(api_.get(kBase + "phone/selected-provider").body, Json({{"provider", "twilio"}}));
  EXPECT_EQ(api_.get(kBase + "sms/selected-provider").body, Json({{"provider", "twilio"}}));
}

TEST_F(PhoneEndpointsTest, G15ToG18KeepTwilioUnderBothNamesAndItsSecretMasked) {  // S66
  EXPECT_EQ(api_.get(kBase + "phone/providers/twilio").body, Json::object());
  const auto answer =
      api_.put(kTwilio, {{"sid", "AC1"}, {"auth_token", "planted"}, {"from", "+1555"}});
  const Json masked{{"auth_token", "********"}, {"from", "+1555"}, {"sid", "AC1"}};
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, masked);
  EXPECT_EQ(api_.get(kTwilio).body, masked);
  EXPECT_EQ(api_.get(kBase + "phone/providers/twilio").body, masked);
  EXPECT_EQ(api_.put(kBase + "phone/providers/twilio", masked).body, masked);
  EXPECT_EQ(text_in(*api_.groups.read(SettingGroup::Twilio), "auth_token"), "planted");
}

TEST_F(PhoneEndpointsTest, G16KeepsASecretThatIsTheMaskOrLeftOut) {
  ASSERT_EQ(api_.put(kTwilio, {{"sid", "AC1"}, {"auth_token", " planted "}}).status, 200);
  const auto secret = [this] {
    return text_in(*api_.groups.read(SettingGroup::Twilio), "auth_token");
  };
  ASSERT_EQ(api_.put(kTwilio, {{"sid", "AC2"}, {"auth_token", "********"}}).status, 200);
  EXPECT_EQ(secret(), " planted ") << "whitespace is kept";
  ASSERT_EQ(api_.put(kTwilio, {{"from", "x"}}).status, 200);
  EXPECT_EQ(secret(), " planted ");
  EXPECT_FALSE(api_.get(kTwilio).body.contains("sid")) << "what isn't secret is erased";
  ASSERT_EQ(api_.put(kTwilio, {{"auth_token", nullptr}}).status, 200);
  EXPECT_EQ(api_.get(kTwilio).body, Json::object());
  ASSERT_EQ(api_.put(kTwilio, {{"auth_token", "********"}}).status, 200);
  EXPECT_EQ(secret(), "") << "the mask of nothing is nothing";
}

TEST_F(PhoneEndpointsTest, G16TakesAnEmptyBodyAndRefusesBadOnes) {
  EXPECT_EQ(api_.put(kTwilio, Json::object()).status, 200);
  expect_refused(kTwilio,
                 {{{"sid", ""}},
                  {{"sid", 1}},
                  {{"from", std::string(65, 'x')}},
                  {{"auth_token", std::string(1001, 'x')}},
                  {{"token", "x"}}});
  EXPECT_EQ(api_.call(Method::Put, kTwilio, "", {}).status, 400);
}

TEST(PlainProviderSecrets, G16AndG15SayWhatWasStored) {
  ApiWorld api(ProviderSecrets::Plain);
  const Json body{{"auth_token", "planted"}, {"from", "+1555"}, {"sid", "AC1"}};
  EXPECT_EQ(api.put(kTwilio, body).body, body);
  EXPECT_EQ(api.get(kTwilio).body, body);
  EXPECT_EQ(api.put(kTwilio, {{"sid", "AC1"}}).body, Json({{"sid", "AC1"}})) << "left out: erased";
  ASSERT_EQ(api.put(kTwilio, body).status, 200);
  EXPECT_EQ(api.put(kTwilio, {{"auth_token", "********"}}).body, Json({{"auth_token", "planted"}}));
}

TEST_F(PhoneEndpointsTest, G19ToG22KeepTemplatesVerbatimUnderBothNames) {
  const auto defaults = api_.get(kBase + "phone/templates").body;
  EXPECT_EQ(defaults["verification_message"],
            "{{code}} is your verification code for {{tenant.friendly_name}}");
  EXPECT_EQ(api_.get(kBase + "sms/templates").body, defaults);
  const Json body{{"enrollment_message", "enroll foo"}, {"verification_message", "{{ code }}!"}};
  EXPECT_EQ(api_.put(kBase + "sms/templates", body).body, body) << "without a code, too";
  EXPECT_EQ(api_.get(kBase + "phone/templates").body, body);
  EXPECT_EQ(api_.put(kBase + "phone/templates", body).body, body);
  expect_refused(kBase + "phone/templates",
                 {{{"enrollment_message", "x"}},
                  {{"enrollment_message", ""}, {"verification_message", "x"}},
                  {{"enrollment_message", std::string(1601, 'x')}, {"verification_message", "x"}}});
}

TEST_F(PhoneEndpointsTest, G20EvaluatesNoTemplateLanguage) {  // S85
  const auto answer =
      api_.put(kBase + "phone/templates",
               {{"enrollment_message", "a {% if x %}"}, {"verification_message", "{{code}}"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.message(), testing::StartsWith("Invalid enrollment_message template: "));
  EXPECT_THAT(api_.put(kBase + "phone/templates",
                       {{"enrollment_message", "x"}, {"verification_message", "{%"}})
                  .message(),
              testing::StartsWith("Invalid verification_message template: "));
}

TEST_F(PhoneEndpointsTest, G23ToG26KeepLengthAndLifeOfCodes) {
  for (const auto* name : {"phone", "email"}) {
    const auto path = kBase + name + "/settings";
    EXPECT_EQ(api_.get(path).body, Json({{"otp_length", 6}, {"otp_expiration_time", 300}}));
    const Json body{{"otp_length", 4}, {"otp_expiration_time", 30}};
    EXPECT_EQ(api_.put(path, body).body, body) << "as it was set, whatever is used of it";
    EXPECT_EQ(api_.get(path).body, body);
    expect_refused(path,
                   {{{"otp_length", 6}},
                    {{"otp_length", 3}, {"otp_expiration_time", 300}},
                    {{"otp_length", 11}, {"otp_expiration_time", 300}},
                    {{"otp_length", 6}, {"otp_expiration_time", 29}},
                    {{"otp_length", 6}, {"otp_expiration_time", 3601}},
                    {{"otp_length", 6.5}, {"otp_expiration_time", 300}}});
  }
}

TEST_F(PhoneEndpointsTest, G50AndG51KeepTheOtherProviders) {  // S66
  const std::vector<std::pair<std::string, Json>> providers{
      {"vonage", {{"api_key", "k"}, {"api_secret", "********"}, {"from", "Twinlock"}}},
      {"aws-sns",
       {{"aws_access_key_id", "AK"},
        {"aws_region", "eu-west-1"},
        {"aws_secret_access_key", "********"}}},
      {"webhook", {{"secret", "********"}, {"url", "https://hooks.example.com/sms"}}}};
  for (const auto& [name, masked] : providers) {
    auto body = masked;
    for (auto& value : body) {
      if (value == "********") value = "planted";
    }
    for (const auto* spelling : {"phone", "sms"}) {
      const auto path = kBase + spelling + "/providers/" + name;
      EXPECT_EQ(api_.put(path, body).body, masked);
      auto read = masked;
      read.erase("aws_secret_access_key");  // no GET answers it (§1.10)
      EXPECT_EQ(api_.get(path).body, read);
    }
  }
  expect_refused(kBase + "phone/providers/webhook",
                 {{{"url", "http://hooks.example.com"}},
                  {{"url", "https://a b"}},
                  {{"url", "https://[::1"}},
                  {{"url", "https:///x"}},
                  {{"url", "https://h:99999/"}},
                  {{"url", "https://user:pw@h/"}},
                  {{"uri", "x"}}});
  expect_refused(kBase + "phone/providers/aws-sns",
                 {{{"aws_region", "bogus region"}}, {{"aws_region", "evil.example/-1"}}});
  expect_refused(kBase + "phone/providers/twilio", {{{"from", "a\r\nb"}}, {{"sid", "a\nb"}}});
}

TEST_F(PhoneEndpointsTest, EachNeedsTheScopeOfFactors) {  // S65
  api_.act_with({"read:users"});
  for (const auto* path : {"phone/message-types",
                           "phone/selected-provider",
                           "sms/providers/twilio",
                           "sms/templates",
                           "phone/settings",
                           "email/settings",
                           "phone/providers/vonage"}) {
    EXPECT_EQ(api_.get(kBase + path).status, 403) << path;
    EXPECT_EQ(api_.put(kBase + path, Json::object()).status, 403) << path;
  }
}

TEST_F(PhoneEndpointsTest, NoValueOfAProviderIsInTheLog) {  // S66, S124
  ASSERT_EQ(api_.put(kTwilio, {{"sid", "plantedsid"}, {"auth_token", "plantedtoken"}}).status, 200);
  for (const auto& event : api_.log.events()) {
    EXPECT_EQ(event.detail.find("planted"), std::string::npos) << event.detail;
  }
  EXPECT_EQ(api_.audited(AuditEventType::SettingsChanged).size(), 1U);
}

}  // namespace
}  // namespace twinlock::http
