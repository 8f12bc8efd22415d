// SPDX-License-Identifier: MIT
#include "daemon/http/client_assertion.h"

#include <chrono>

#include <gmock/gmock.h>

#include "tests/unit/http/api_world.h"
#include "tests/unit/http/signing_client.h"

// S64: remove one thing from a good assertion, and it is good no more.
namespace twinlock::http {
namespace {

using namespace std::chrono_literals;

class ClientAssertionTest : public testing::TestWithParam<SigningClient::Kind> {
 protected:
  ClientAssertionTest() {
    ApiClientRequest wanted;
    wanted.name = "signer";
    wanted.scopes = {"read:users"};
    wanted.public_key = signer_.public_key();
    const auto made = api_.access.create(wanted, "uid 0");
    EXPECT_TRUE(made);
    EXPECT_TRUE(made->secret.empty());
    client_ = **api_.access.find(made->id);
  }

  [[nodiscard]] std::int64_t seconds_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(api_.clock.wall().time_since_epoch())
        .count();
  }
  [[nodiscard]] Json header() const { return {{"alg", signer_.algorithm()}, {"typ", "JWT"}}; }
  [[nodiscard]] Json claims() {
    return {{"iss", client_.id},
            {"sub", client_.id},
            {"aud", "https://id.example.com/"},
            {"iat", seconds_now()},
            {"exp", seconds_now() + 60},
            {"jti", "jti " + std::to_string(++number_)}};
  }
  Answer show(const std::string& assertion) {
    return api_.call(Method::Post,
                     "/oauth/token",
                     json_text({{"grant_type", "client_credentials"},
                                {"client_assertion_type", kClientAssertionType},
                                {"client_assertion", assertion}}),
                     {{"Content-Type", "application/json"}, {"Authorization", "none"}});
  }
  void expect_refused(const std::string& assertion, const std::string& what) {
    const auto answer = show(assertion);
    EXPECT_EQ(answer.status, 401) << what;
    EXPECT_EQ(answer.body.value("error", ""), "invalid_client") << what;
  }

  ApiWorld api_;
  SigningClient signer_{GetParam()};
  ApiClient client_;
  int number_ = 0;
};

TEST_P(ClientAssertionTest, O02GivesATokenForAGoodOneOnce) {
  const auto assertion = signer_.token(header(), claims());
  EXPECT_EQ(show(assertion).status, 200);
  expect_refused(assertion, "the same again");
}

TEST_P(ClientAssertionTest, EachClaimIsNeeded) {
  for (const auto* name : {"iss", "sub", "aud", "exp", "jti"}) {
    auto without = claims();
    without.erase(name);
    expect_refused(signer_.token(header(), without), name);
  }
  for (const auto& [name, value] : {std::pair<const char*, Json>{"iss", "another"},
                                    {"sub", std::string(32, 'a')},
                                    {"aud", "https://other.example.com/"},
                                    {"aud", Json::array({"https://other.example.com/"})},
                                    {"exp", seconds_now()},
                                    {"exp", seconds_now() + 3601},
                                    {"exp", "soon"},
                                    {"exp", 1e300},
                                    {"iat", seconds_now() + 61},
                                    {"nbf", seconds_now() + 61},
                                    {"jti", ""},
                                    {"jti", std::string(257, 'j')}}) {
    auto spoiled = claims();
    spoiled[name] = value;
    expect_refused(signer_.token(header(), spoiled), name + (" " + value.dump()));
  }
}

TEST_P(ClientAssertionTest, TheAudienceMayBeAListOrTheTokenEndpoint) {
  for (const auto& audience : {Json::array({"x", "https://id.example.com/"}),
                               Json("https://id.example.com"),
                               Json("https://id.example.com/oauth/token")}) {
    auto good = claims();
    good["aud"] = audience;
    EXPECT_EQ(show(signer_.token(header(), good)).status, 200) << audience;
  }
}

TEST_P(ClientAssertionTest, NoOtherAlgorithmAndNoKeyOfItsOwn) {
  for (const auto* algorithm : {"none", "HS256", "RS512", "ES384", "rs256", ""}) {
    expect_refused(signer_.token({{"alg", algorithm}}, claims()), algorithm);
  }
  for (const auto* name : {"jku", "x5u", "jwk", "x5c", "crit", "b64"}) {
    auto spoiled = header();
    spoiled[name] = "x";
    expect_refused(signer_.token(spoiled, claims()), name);
  }
  auto typed = header();
  typed["typ"] = "at+jwt";
  expect_refused(signer_.token(typed, claims()), "typ");
}

TEST_P(ClientAssertionTest, EveryByteIsSigned) {
  const auto good = signer_.token(header(), claims());
  for (std::size_t i = 0; i < good.size(); i += 7) {
    auto spoiled = good;
    spoiled[i] = spoiled[i] == 'A' ? 'B' : 'A';
    expect_refused(spoiled, "byte " + std::to_string(i));
  }
  for (const auto* text : {"", ".", "..", "a.b.c", "e30.e30.", "e30.e30"}) {
    EXPECT_NE(show(text).status, 200) << text;
  }
  expect_refused(good + std::string(9000, 'A'), "too long");
}

TEST_P(ClientAssertionTest, ASecretIsNoWayInForAClientThatSigns) {
  const auto answer = api_.call(
      Method::Post,
      "/oauth/token",
      json_text(
          {{"grant_type", "client_credentials"}, {"client_id", client_.id}, {"client_secret", ""}}),
      {{"Content-Type", "application/json"}, {"Authorization", "none"}});
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(api_.access.rotate(client_.id, "uid 0").error().code, ErrorCode::Conflict);
}

INSTANTIATE_TEST_SUITE_P(Keys,
                         ClientAssertionTest,
                         testing::Values(SigningClient::Kind::Rsa,
                                         SigningClient::Kind::Ec,
                                         SigningClient::Kind::Ed25519));

TEST(ClientKeys, OthersAreNotTaken) {
  ApiWorld api;
  ApiClientRequest wanted;
  wanted.name = "signer";
  wanted.scopes = {"read:users"};
  for (const auto kind : {SigningClient::Kind::ShortRsa, SigningClient::Kind::OtherCurve}) {
    wanted.public_key = SigningClient(kind).public_key();
    EXPECT_EQ(api.access.create(wanted, "uid 0").error().code, ErrorCode::InvalidInput);
  }
  wanted.public_key = "-----BEGIN PUBLIC KEY-----";
  EXPECT_EQ(api.access.create(wanted, "uid 0").error().code, ErrorCode::InvalidInput);
}

}  // namespace
}  // namespace twinlock::http
