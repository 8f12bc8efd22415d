// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/unit/http/api_world.h"

namespace twinlock::http {
namespace {

class BearerTest : public testing::Test {
 protected:
  Answer call(const std::string& authorization) {
    return api_.call(
        Method::Get, "/api/v2/guardian/factors", "", {{"Authorization", authorization}});
  }

  ApiWorld api_;
};

TEST_F(BearerTest, C03TakesTheSchemeInAnyCase) {
  EXPECT_EQ(call("bearer " + api_.token()).status, 200);
  EXPECT_EQ(call("BEARER " + api_.token()).status, 200);
}

TEST_F(BearerTest, AHeaderThatIsNoBearerTokenIsTold) {
  for (const auto* header : {"", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Token x"}) {
    const auto answer = call(header);
    EXPECT_EQ(answer.status, 401) << header;
    EXPECT_EQ(answer.message(), "Bad HTTP authentication header format") << header;
    EXPECT_EQ(answer.body["statusCode"], 401);
  }
}

TEST_F(BearerTest, EveryBadTokenIsAnsweredAlikeAndCounts) {  // S68
  const auto good = api_.token();
  std::vector<std::string> bad{"garbage", good + "x", "tla_" + std::string(49, 'A')};
  api_.act_with({});
  bad.push_back(api_.token());
  api_.clock.advance(std::chrono::hours(24));  // now it has expired
  for (const auto& token : bad) {
    const auto answer = call("Bearer " + token);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.text,
              R"({"statusCode":401,"error":"Unauthorized","message":"Invalid token"})");
    EXPECT_EQ(answer.mark, Mark::FailedAuthentication);
    EXPECT_EQ(answer.error_code(), "");
  }
}

TEST_F(BearerTest, AStoreThatFailsIsNoBadToken) {
  api_.faults.fail_next("access_token", Fault::Error);
  const auto answer = call("Bearer " + api_.token());
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.mark, Mark::None);
}

TEST_F(BearerTest, UpdateUsersAloneNeitherPlantsNorRemovesAFactor) {  // S67
  api_.directory.add({"alice", 1000});
  api_.act_with({"update:users"});
  const std::string alice = "/api/v2/users/alice";
  EXPECT_EQ(api_.post(alice + "/recovery-code-regeneration", Json::object()).message(),
            "Insufficient scope, expected any of: create:authentication_methods");
  EXPECT_EQ(api_.remove(alice + "/authenticators").status, 403);
  EXPECT_EQ(api_.remove(alice + "/multifactor/google-authenticator").status, 403);
  EXPECT_EQ(api_.post(alice + "/authentication-methods", Json::object()).status, 403);
  EXPECT_EQ(api_.put(alice + "/authentication-methods", Json::array()).status, 403);
  api_.act_with({"create:authentication_methods"});
  EXPECT_EQ(api_.post(alice + "/recovery-code-regeneration", Json::object()).status, 200);
}

}  // namespace
}  // namespace twinlock::http
