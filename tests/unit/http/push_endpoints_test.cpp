// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "daemon/http/pkcs12.h"
#include "tests/unit/http/api_world.h"

namespace twinlock::http {
namespace {

const std::string kBase = "/api/v2/guardian/factors/push-notification/";
const std::string kSns = kBase + "providers/sns";
const std::string kApns = kBase + "providers/apns";
const std::string kPrompt = "/api/v2/prompts/mfa-push";
// A DER SEQUENCE of one INTEGER.
constexpr const char* kSequence = "MAMCAQM=";

class PushEndpointsTest : public testing::Test {
 protected:
  ApiWorld api_;
};

TEST_F(PushEndpointsTest, G27AndG28SelectAProvider) {
  const auto path = kBase + "selected-provider";
  EXPECT_EQ(api_.get(path).body, Json({{"provider", "guardian"}}));
  for (const auto* name : {"sns", "direct", "guardian"}) {
    EXPECT_EQ(api_.put(path, {{"provider", name}}).body, Json({{"provider", name}}));
    EXPECT_EQ(api_.get(path).body, Json({{"provider", name}}));
  }
  EXPECT_EQ(api_.put(path, {{"provider", "apns"}}).status, 400);
  EXPECT_EQ(api_.put(path, Json::object()).status, 400);
}

TEST_F(PushEndpointsTest, G29ToG31KeepSnsWithoutEverShowingItsSecret) {  // S66
  EXPECT_EQ(api_.get(kSns).body, Json::object());
  const auto put = api_.put(kSns,
                            {{"aws_access_key_id", "AK"},
                             {"aws_secret_access_key", "planted"},
                             {"aws_region", "us-west-1"}});
  EXPECT_EQ(put.body,
            Json({{"aws_access_key_id", "AK"},
                  {"aws_region", "us-west-1"},
                  {"aws_secret_access_key", "********"}}));
  EXPECT_EQ(api_.get(kSns).body, Json({{"aws_access_key_id", "AK"}, {"aws_region", "us-west-1"}}));
  EXPECT_EQ(api_.patch(kSns, {{"aws_region", "eu-central-12"}}).body,
            Json({{"aws_region", "eu-central-12"}}))
      << "the fields sent";
  EXPECT_EQ(api_.get(kSns).body["aws_access_key_id"], "AK") << "PATCH merges";
  const auto secret = [this] {
    return text_in(*api_.groups.read(SettingGroup::PushSns), "aws_secret_access_key");
  };
  EXPECT_EQ(secret(), "planted");
  ASSERT_EQ(api_.put(kSns, {{"aws_secret_access_key", "********"}}).status, 200);
  EXPECT_EQ(secret(), "planted");
  ASSERT_EQ(api_.put(kSns, Json::object()).status, 200);
  EXPECT_EQ(secret(), "") << "PUT replaces";
}

TEST_F(PushEndpointsTest, G30RefusesRegionsThatThereAreNot) {
  for (const auto* region : {"us-west-", "us-west-123", "mars-1", "us-west-x", "", "us-west"}) {
    EXPECT_EQ(api_.put(kSns, {{"aws_region", region}}).status, 400) << region;
    EXPECT_EQ(api_.patch(kSns, {{"aws_region", region}}).status, 400) << region;
  }
  EXPECT_EQ(api_.put(kSns, {{"aws_region", nullptr}}).status, 200);
}

TEST_F(PushEndpointsTest, G32ToG34KeepApnsWithoutItsCertificate) {  // S66
  EXPECT_EQ(api_.get(kApns).body, Json({{"enabled", false}}));
  const auto put =
      api_.put(kApns, {{"sandbox", false}, {"bundle_id", "com.example.app"}, {"p12", kSequence}});
  EXPECT_EQ(put.body, Json({{"bundle_id", "com.example.app"}, {"sandbox", false}}));
  EXPECT_EQ(api_.get(kApns).body,
            Json({{"bundle_id", "com.example.app"}, {"sandbox", false}, {"enabled", true}}));
  EXPECT_EQ(api_.patch(kApns, {{"sandbox", true}}).body, Json({{"sandbox", true}}));
  EXPECT_EQ(api_.get(kApns).body["enabled"], true);
  EXPECT_EQ(api_.patch(kApns, {{"p12", nullptr}}).status, 200);
  EXPECT_EQ(api_.get(kApns).body["enabled"], false);
  EXPECT_EQ(api_.put(kApns, Json::object()).body, Json::object());
}

TEST_F(PushEndpointsTest, G33RefusesWhatIsNoPkcs12) {
  const auto answer = api_.put(kApns, {{"p12", "bm90IGRlcg=="}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.message(), testing::StartsWith("The PKCS #12 file is invalid. "));
  EXPECT_EQ(api_.patch(kApns, {{"p12", "***"}}).status, 400);
}

TEST_F(PushEndpointsTest, G35ToG38TakeFirebaseCredentialsAndShowNothing) {  // S66
  for (const auto& [name, field] :
       {std::pair{"fcm", "server_key"}, std::pair{"fcmv1", "server_credentials"}}) {
    const auto path = kBase + "providers/" + name;
    EXPECT_EQ(api_.put(path, {{field, "planted"}}).body, Json::object());
    EXPECT_EQ(api_.patch(path, Json::object()).body, Json::object());
    EXPECT_EQ(api_.patch(path, {{field, nullptr}}).status, 200);
    EXPECT_EQ(api_.put(path, {{field, ""}}).status, 400);
    EXPECT_EQ(api_.put(path, {{"other", "x"}}).status, 400);
    const auto get = api_.get(path);
    EXPECT_EQ(get.status, 405);
    EXPECT_EQ(get.header("Allow"), "PUT, PATCH");
  }
  EXPECT_EQ(api_.put(kBase + "providers/fcm", {{"server_key", std::string(153, 'x')}}).status, 400);
}

TEST_F(PushEndpointsTest, A08AndA09KeepWhatThePromptSays) {
  EXPECT_EQ(api_.get(kPrompt).body, Json::object());
  const Json body{{"app_name", "App"},
                  {"apple_app_link", "https://itunes.apple.com/app"},
                  {"google_app_link", "https://play.google.com/app"}};
  EXPECT_EQ(api_.patch(kPrompt, body).body, body);
  auto changed = body;
  changed["app_name"] = "Other";
  EXPECT_EQ(api_.patch(kPrompt, {{"app_name", "Other"}}).body, changed) << "the stored three";
  EXPECT_EQ(api_.get(kPrompt).body, changed);
  EXPECT_EQ(api_.patch(kPrompt, {{"app_name", 1}}).status, 400);
  api_.act_with({"read:prompts", "update:prompts"});
  EXPECT_EQ(api_.get(kPrompt).status, 200);
  EXPECT_EQ(api_.patch(kPrompt, body).status, 200);
  api_.act_with({"read:users"});
  EXPECT_EQ(api_.get(kPrompt).status, 403);
}

TEST(Pkcs12, IsOneSequenceInBase64) {
  EXPECT_TRUE(is_pkcs12(kSequence));
  EXPECT_TRUE(is_pkcs12("MAMC\r\nAQM=")) << "line breaks are allowed";
  for (const auto* no :
       {"", "MAMCAQ==", "MAMCAQMA", "AgED", "MIACAQMAAA==", "MAMCAQM", "M*MCAQM="}) {
    EXPECT_FALSE(is_pkcs12(no)) << no;
  }
}

}  // namespace
}  // namespace twinlock::http
