// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "daemon/domain/scope.h"
#include "tests/unit/http/api_world.h"

namespace twinlock::http {
namespace {

using testing::HasSubstr;

const std::string kToken = "/oauth/token";
const std::string kRevoke = "/oauth/revoke";

class OAuthEndpointsTest : public testing::Test {
 protected:
  OAuthEndpointsTest() {
    ApiClientRequest wanted;
    wanted.name = "deploy";
    wanted.scopes = {"read:guardian_factors", "update:guardian_factors", "read:users"};
    const auto made = api_.access.create(wanted, "uid 0");
    id_ = made->id;
    secret_ = std::string(made->secret.text());
  }

  [[nodiscard]] Json credentials() const {
    return {{"grant_type", "client_credentials"}, {"client_id", id_}, {"client_secret", secret_}};
  }
  Answer json(const Json& body, const std::string& path = kToken) {
    return api_.call(Method::Post,
                     path,
                     json_text(body),
                     {{"Content-Type", "application/json"}, {"Authorization", "none"}});
  }
  Answer form(const std::string& body, std::vector<Field> headers = {}) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    headers.emplace_back("Authorization", "none");
    return api_.call(Method::Post, kToken, body, headers);
  }
  static std::string error(const Answer& answer) { return answer.body.value("error", ""); }
  static std::string description(const Answer& answer) {
    return answer.body.value("error_description", "");
  }

  ApiWorld api_;
  std::string id_;
  std::string secret_;
};

TEST_F(OAuthEndpointsTest, O02ReadsNoWrongTypeAsAbsent) {  // a scope left out means all of them
  for (const auto* name : {"scope", "audience", "client_secret"}) {
    for (const auto& value : {Json(5), Json::array({"read:users"}), Json(nullptr)}) {
      auto body = credentials();
      body[name] = value;
      const auto answer = json(body);
      EXPECT_EQ(answer.status, 400) << body;
      EXPECT_EQ(answer.body["error"], "invalid_request") << body;
    }
  }
}

TEST_F(OAuthEndpointsTest, O02GivesATokenForJson) {
  auto body = credentials();
  body["audience"] = "https://id.example.com/api/v2/";
  body["organization"] = Json::object();  // unknown ones are ignored
  const auto answer = json(body);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body["token_type"], "Bearer");
  EXPECT_EQ(answer.body["expires_in"], 86400);
  EXPECT_EQ(answer.body["scope"], "read:guardian_factors read:users update:guardian_factors");
  EXPECT_EQ(answer.header("Pragma"), "no-cache");  // C05
  const auto authorization = "Bearer " + answer.body["access_token"].get<std::string>();
  EXPECT_EQ(
      api_.call(Method::Get, "/api/v2/guardian/factors", "", {{"Authorization", authorization}})
          .status,
      200);
}

TEST_F(OAuthEndpointsTest, O02GivesATokenForAFormWithTheScopesAskedFor) {
  const auto answer =
      form("grant_type=client_credentials&client_id=" + id_ + "&client_secret=" + secret_ +
           "&audience=https%3A%2F%2Fid.example.com%2Fapi%2Fv2" +  // C02
           "&scope=read:users+update:users");
  EXPECT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer.body["scope"], "read:users");
}

TEST_F(OAuthEndpointsTest, O02TakesHttpBasicWithBothHalvesEncoded) {
  std::string pair = "%" + std::string("61") + id_.substr(1) + ":" + secret_;
  // The first letter of the id, percent-encoded as it may be (RFC 6749 §2.3.1).
  const auto hex = "0123456789ABCDEF";
  pair = std::string("%") + hex[static_cast<unsigned char>(id_[0]) / 16] +
         hex[static_cast<unsigned char>(id_[0]) % 16] + id_.substr(1) + ":" + secret_;
  const auto encoded = [](std::string text) {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto padding = (3 - text.size() % 3) % 3;
    text.append(padding, '\0');
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
      const unsigned bits = (static_cast<unsigned char>(text[i]) << 16U) |
                            (static_cast<unsigned char>(text[i + 1]) << 8U) |
                            static_cast<unsigned char>(text[i + 2]);
      for (const unsigned shift : {18U, 12U, 6U, 0U}) out += kLetters[(bits >> shift) & 63U];
    }
    return out.replace(out.size() - padding, padding, padding, '=');
  };
  EXPECT_EQ(
      form("grant_type=client_credentials", {{"Authorization", "basic " + encoded(pair)}}).status,
      200);
  const auto wrong =
      form("grant_type=client_credentials", {{"Authorization", "Basic " + encoded(id_ + ":x")}});
  EXPECT_EQ(wrong.status, 401);
  EXPECT_THAT(wrong.header("WWW-Authenticate"), testing::StartsWith("Basic"));
  const auto garbled = form("grant_type=client_credentials", {{"Authorization", "Basic ***"}});
  EXPECT_EQ(error(garbled), "invalid_client");
  const auto twice = form("grant_type=client_credentials&client_secret=" + secret_,
                          {{"Authorization", "Basic " + encoded(pair)}});
  EXPECT_EQ(twice.status, 400);
  EXPECT_EQ(error(twice), "invalid_request");
}

TEST_F(OAuthEndpointsTest, O01RefusesGrantsInRfc6749sWords) {
  EXPECT_EQ(description(json({{"client_id", id_}})), "Missing required parameter: grant_type");
  EXPECT_EQ(json({{"client_id", id_}}).status, 400);
  auto body = credentials();
  body["grant_type"] = "bogus";
  EXPECT_EQ(error(json(body)), "unsupported_grant_type");
  EXPECT_EQ(description(json(body)), "Unsupported grant type: bogus");
  body["grant_type"] = "password";
  const auto not_allowed = json(body);
  EXPECT_EQ(not_allowed.status, 403);
  EXPECT_EQ(error(not_allowed), "unauthorized_client");
  EXPECT_EQ(description(not_allowed), "Grant type 'password' not allowed for the client.");
}

TEST_F(OAuthEndpointsTest, O01RefusesBodiesThatCanNotBeRead) {
  for (const auto& [type, text] :
       {std::pair{"application/json", "{\"grant_type\":"},
        std::pair{"application/json", "[]"},
        std::pair{"application/json", "{\"grant_type\":\"a\",\"grant_type\":\"b\"}"},
        std::pair{"text/plain", "grant_type=client_credentials"},
        std::pair{"application/x-www-form-urlencoded", "grant_type=%zz"},
        std::pair{"application/x-www-form-urlencoded", "grant_type=a&grant_type=b"}}) {
    const auto answer =
        api_.call(Method::Post, kToken, text, {{"Content-Type", type}, {"Authorization", "none"}});
    EXPECT_EQ(answer.status, 400) << text;
    EXPECT_EQ(error(answer), "invalid_request") << text;
  }
  EXPECT_EQ(api_.call(Method::Post, kToken, "", {{"Authorization", "none"}}).status, 400);
}

TEST_F(OAuthEndpointsTest, O02TellsNobodyWhichPartWasWrong) {  // S68
  auto unknown = credentials();
  unknown["client_id"] = std::string(32, 'a');
  auto wrong = credentials();
  wrong["client_secret"] = "tls_wrong";
  auto none = credentials();
  none.erase("client_secret");
  auto nobody = credentials();
  nobody.erase("client_id");
  for (const auto& body : {unknown, wrong, none, nobody}) {
    const auto answer = json(body);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.text,
              R"({"error":"invalid_client","error_description":"Client authentication failed"})");
    EXPECT_EQ(answer.mark, Mark::FailedAuthentication);
    EXPECT_EQ(answer.header("WWW-Authenticate"), "");
  }
  const auto refused = api_.audited(AuditEventType::TokenRefused);
  ASSERT_EQ(refused.size(), 4U);
  EXPECT_EQ(refused[0].source, api_.source);
  for (const auto& event : refused) EXPECT_EQ(event.detail.find("tls_"), std::string::npos);
}

TEST_F(OAuthEndpointsTest, O02GivesNothingFromOutsideTheClientsNetworks) {  // S64
  ApiClientRequest wanted;
  wanted.name = "at home";
  wanted.scopes = {"read:users"};
  wanted.networks = {"198.51.100.0/24"};
  const auto made = api_.access.create(wanted, "uid 0");
  const Json body{{"grant_type", "client_credentials"},
                  {"client_id", made->id},
                  {"client_secret", made->secret.text()}};
  EXPECT_EQ(json(body).status, 401);
  api_.source = "198.51.100.9";
  EXPECT_EQ(json(body).status, 200);
}

TEST_F(OAuthEndpointsTest, O02KnowsItsAudiences) {
  auto body = credentials();
  body["audience"] = "https://other.example.com/api/v2/";
  const auto other = json(body);
  EXPECT_EQ(other.status, 403);
  EXPECT_EQ(error(other), "access_denied");
  EXPECT_EQ(description(other),
            "Service not enabled within domain: https://other.example.com/api/v2/");
  body["audience"] = "https://id.example.com/mfa/";
  const auto mfa = json(body);
  EXPECT_EQ(mfa.status, 403);
  EXPECT_EQ(description(mfa), "Client is not authorized to access \"https://id.example.com/mfa/\"");
}

TEST_F(OAuthEndpointsTest, O02LosesNothingWhenTheStoreFails) {
  api_.faults.fail_next("add_access_token", Fault::Error);
  EXPECT_EQ(json(credentials()).status, 503);
  api_.faults.fail_next("api_client", Fault::Error);
  EXPECT_EQ(json(credentials()).status, 503);
}

TEST_F(OAuthEndpointsTest, O09AndO11DescribeWhatThereIs) {
  for (const auto* path :
       {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"}) {
    const auto answer = api_.call(Method::Get, path, "", {{"Authorization", "none"}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body["issuer"], "https://id.example.com/");
    EXPECT_EQ(answer.body["token_endpoint"], "https://id.example.com/oauth/token");
    for (const auto* needed : {"authorization_endpoint",
                               "jwks_uri",
                               "response_types_supported",
                               "subject_types_supported",
                               "id_token_signing_alg_values_supported"}) {
      EXPECT_TRUE(answer.body.contains(needed)) << needed;
    }
  }
}

TEST_F(OAuthEndpointsTest, O10PublishesOneKeyAndKeepsIt) {
  const auto get = [this] {
    return api_.call(Method::Get, "/.well-known/jwks.json", "", {{"Authorization", "none"}}).body;
  };
  const auto set = get();
  ASSERT_EQ(set["keys"].size(), 1U);
  const auto& key = set["keys"][0];
  EXPECT_EQ(key["kty"], "RSA");
  EXPECT_EQ(key["alg"], "RS256");
  EXPECT_EQ(key["use"], "sig");
  EXPECT_EQ(key["e"], "AQAB");
  EXPECT_GE(key["n"].get<std::string>().size(), 342U) << "2048 bits";
  EXPECT_NE(key["kid"], "");
  EXPECT_FALSE(key.contains("d"));
  EXPECT_EQ(get(), set);
}

TEST_F(OAuthEndpointsTest, O10KeepsOldKeysUntilTheirLastTokenHasExpired) {
  ASSERT_TRUE(api_.signing_keys.renew());
  const auto first = (*api_.signing_keys.published())[0].id;
  api_.clock.advance(kSigningKeyLife);
  ASSERT_TRUE(api_.signing_keys.renew());
  auto keys = *api_.signing_keys.published();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].id, first);
  api_.clock.advance(kSigningKeyOverlap - std::chrono::milliseconds(1));
  ASSERT_TRUE(api_.signing_keys.renew());
  EXPECT_EQ(api_.signing_keys.published()->size(), 2U);
  api_.clock.advance(std::chrono::milliseconds(1));
  ASSERT_TRUE(api_.signing_keys.renew());
  keys = *api_.signing_keys.published();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_NE(keys[0].id, first);
}

TEST_F(OAuthEndpointsTest, O12KnowsNobodyWithoutATokenForOpenid) {
  for (const auto method : {Method::Get, Method::Post}) {
    const auto answer = api_.call(method, "/userinfo", "", {});
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(error(answer), "invalid_token");
  }
}

TEST_F(OAuthEndpointsTest, O13EndsATokenAndSaysTheSameOfOneThatIsNone) {
  const auto token = json(credentials()).body["access_token"].get<std::string>();
  Json body{{"client_id", id_}, {"client_secret", secret_}, {"token", token}};
  const auto revoked = json(body, kRevoke);
  EXPECT_EQ(revoked.status, 200);
  EXPECT_EQ(revoked.text, "");
  EXPECT_EQ(
      api_.call(Method::Get, "/api/v2/guardian/factors", "", {{"Authorization", "Bearer " + token}})
          .status,
      401);
  body["token"] = "unknown";
  EXPECT_EQ(json(body, kRevoke).status, 200);
  body.erase("token");
  EXPECT_EQ(description(json(body, kRevoke)), "Missing required parameter: token");
  body["client_secret"] = "wrong";
  EXPECT_EQ(json(body, kRevoke).status, 401);
}

}  // namespace
}  // namespace twinlock::http
