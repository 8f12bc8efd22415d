// SPDX-License-Identifier: MIT
#include "daemon/http/dispatcher.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/http/errors.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/recording_log.h"

namespace twinlock::http {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

// Admits "Bearer good" and counts whoever comes with another.
class FakeAccess final : public AccessCheck {
 public:
  std::variant<Caller, Response> admit(const Request& request, const Route& /*route*/) override {
    if (request.header("Authorization") == "Bearer good") return Caller{"client", "0a1b2c3d", {}};
    auto refused = api_error(401, "Invalid token");
    refused.mark = Mark::FailedAuthentication;
    return refused;
  }
  void limited(const Request& request) override { limited_.push_back(request.target); }

  [[nodiscard]] const std::vector<std::string>& limited_requests() const { return limited_; }

 private:
  std::vector<std::string> limited_;
};

Response ok(const Request& request) {
  Response response;
  response.body = "{\"client\":\"" + request.client + "\"}";
  return response;
}

class DispatcherTest : public testing::Test {
 protected:
  static std::vector<Route> routes() {
    return {
        {"T1", Method::Get, "/api/v2/things", {"read:things"}, ok},
        {"T2",
         Method::Put,
         "/api/v2/things/{id}",
         {},
         ok,
         Access::Token,
         RateClass::Management,
         BodySize::Bulk},
        {"P1", Method::Get, "/public", {}, ok, Access::Public, RateClass::None},
        {"P2",
         Method::Get,
         "/ticket",
         {},
         [](const Request&) {
           auto response = refusal("/ticket", 403);
           response.mark = Mark::LookupMiss;
           return response;
         },
         Access::Public,
         RateClass::Lookup},
        {"O1", Method::Post, "/oauth/token", {}, ok, Access::Public, RateClass::Source},
        {"E1",
         Method::Get,
         "/throws",
         {},
         [](const Request&) -> Response { throw std::runtime_error("MARKER"); },
         Access::Public,
         RateClass::None},
        {"E2",
         Method::Get,
         "/throws-anything",
         {},
         [](const Request&) -> Response { throw 7; },
         Access::Public,
         RateClass::None},
        {"E3",
         Method::Get,
         "/splits",
         {},
         [](const Request&) {
           Response response;
           response.add_header("Location", "/a\r\nSet-Cookie: b");
           return response;
         },
         Access::Public,
         RateClass::None},
    };
  }

  static Request request(Method method, const std::string& path, std::vector<Field> headers = {}) {
    Request made;
    made.method = method;
    made.target = path;
    for (std::size_t at = 1; at <= path.size();) {
      const auto end = std::min(path.find('/', at), path.size());
      made.segments.push_back(path.substr(at, end - at));
      at = end + 1;
    }
    made.headers = std::move(headers);
    if (!made.header("Host")) made.headers.emplace_back("Host", "auth.example.org");
    made.client = "192.0.2.1";
    made.id = "r-1";
    return made;
  }
  Response answer(Request made) { return dispatcher_.answer(made, {"192.0.2.9", 443}); }
  Response get(const std::string& path, std::vector<Field> headers = {}) {
    return answer(request(Method::Get, path, std::move(headers)));
  }

  static ServerSettings settings() {
    ServerSettings made;
    made.public_url = PublicUrl::parse("https://auth.example.org");
    made.proxies = {*Network::parse("10.0.0.0/8")};
    made.cors_origins = {"https://admin.example.org"};
    return made;
  }

  FakeClock clock_;
  RecordingLog log_;
  FakeAccess access_;
  Dispatcher dispatcher_{Router(routes()), &access_, clock_, log_, settings()};
  const std::vector<Field> good_{{"Authorization", "Bearer good"}};
};

TEST_F(DispatcherTest, PutsOnEveryResponseWhatKeepsItSafe) {  // S60
  for (const auto* path : {"/api/v2/things", "/nowhere", "/public", "/throws", "/splits"}) {
    auto plain = request(Method::Get, path);
    const auto response = dispatcher_.answer(plain, {"192.0.2.9", 443});
    EXPECT_THAT(response.headers,
                AllOf(Contains(Pair("X-Content-Type-Options", "nosniff")),
                      Contains(Pair("Cache-Control", "no-store")),
                      Contains(Pair("Date", "Thu, 01 Jan 2026 00:00:00 GMT")),
                      Not(Contains(Pair("Strict-Transport-Security", testing::_)))))
        << path;
    auto secure = request(Method::Get, path);
    secure.is_tls = true;
    EXPECT_THAT(dispatcher_.answer(secure, {"192.0.2.9", 443}).headers,
                Contains(Pair("Strict-Transport-Security", "max-age=31536000")))
        << path;
  }
}

TEST_F(DispatcherTest, AnswersToNoOtherName) {  // S61
  EXPECT_EQ(get("/public").status, 200);
  EXPECT_EQ(get("/public", {{"Host", "evil.example"}}).status, 421);
  EXPECT_EQ(
      get("/public", {{"Host", "evil.example"}, {"X-Forwarded-Host", "auth.example.org"}}).status,
      421);
}

TEST_F(DispatcherTest, C12AnswersToNoOtherTenant) {
  EXPECT_EQ(get("/public", {{"tenant-id", "Auth.example.org"}}).status, 200);
  const auto other = get("/public", {{"tenant-id", "main"}});
  EXPECT_EQ(other.status, 404);
  EXPECT_EQ(other.body, R"({"statusCode":404,"error":"Not Found","message":"Not Found"})");
}

TEST_F(DispatcherTest, TakesNoSecretInAQuery) {  // S63
  for (const auto* name : {"access_token", "mfa_token", "refresh_token", "client_secret"}) {
    auto made = request(Method::Get, "/api/v2/things", good_);
    made.query = {{name, "x"}};
    EXPECT_EQ(answer(made).status, 400) << name;
  }
}

TEST_F(DispatcherTest, TellsAnUnknownPathFromAnotherMethod) {  // S57, C13
  EXPECT_EQ(get("/nowhere").status, 404);
  EXPECT_EQ(get("/nowhere").body,
            R"({"statusCode":404,"error":"Not Found","message":"Not Found"})");
  const auto other = answer(request(Method::Post, "/public"));
  EXPECT_EQ(other.status, 405);
  EXPECT_THAT(other.headers, Contains(Pair("Allow", "GET, HEAD")));
}

TEST_F(DispatcherTest, C18CountsWhatIsAskedForWhereNothingIs) {
  EXPECT_THAT(get("/api/v2/nothing").headers, Contains(Pair("X-RateLimit-Remaining", "99")));
  EXPECT_THAT(answer(request(Method::Delete, "/api/v2/things")).headers,
              Contains(Pair("X-RateLimit-Remaining", "98")));
  for (int i = 0; i < kRequestBurst; ++i) static_cast<void>(get("/api/v2/nothing"));
  EXPECT_EQ(get("/api/v2/nothing").status, 429);
}

TEST_F(DispatcherTest, WordsARefusalOfTheEngineByItsPlace) {  // §1.4
  using Place = RequestGuard::Place;
  const auto body = [this](const char* target, const RequestGuard::Refusal& why) {
    return dispatcher_.refuse(target, why, true).body;
  };
  EXPECT_EQ(
      body("/api/v2/users?q=%ff", {400, "malformed query", Place::Query}),
      R"({"statusCode":400,"error":"Bad Request","message":"Query validation error: 'It is no percent-encoded UTF-8'.","errorCode":"invalid_query_string"})");
  EXPECT_THAT(body("/api/v2/users/%ff", {400, "malformed path", Place::Path}),
              HasSubstr("invalid_uri"));
  EXPECT_THAT(body("/oauth/token?%ff", {400, "malformed query", Place::Query}),
              HasSubstr(R"("error_description":"Bad Request: malformed query")"));
  EXPECT_THAT(body("", {400, "two Host headers"}), HasSubstr("Bad Request: two Host headers"));
}

TEST_F(DispatcherTest, CallsNoHandlerWithoutAnAdmittedCaller) {  // S63
  EXPECT_EQ(get("/api/v2/things").status, 401);
  EXPECT_EQ(get("/api/v2/things", {{"Cookie", "token=good"}}).status, 401);
  EXPECT_EQ(get("/api/v2/things", good_).status, 200);
}

TEST_F(DispatcherTest, AdmitsNobodyWhereNothingCanAdmit) {
  Dispatcher alone(Router(routes()), nullptr, clock_, log_, settings());
  auto made = request(Method::Get, "/api/v2/things", good_);
  EXPECT_EQ(alone.answer(made, {"192.0.2.9", 443}).status, 503);
}

TEST_F(DispatcherTest, SaysNothingOfAnException) {  // S58, S142
  for (const auto* path : {"/throws", "/throws-anything"}) {
    const auto response = get(path);
    EXPECT_EQ(response.status, 500);
    EXPECT_THAT(response.body, AllOf(HasSubstr("r-1"), Not(HasSubstr("MARKER"))));
    for (const auto& [name, value] : response.headers) EXPECT_THAT(value, Not(HasSubstr("MARKER")));
  }
  EXPECT_THAT(log_.problems().front().text, AllOf(HasSubstr("r-1"), HasSubstr("MARKER")));
}

TEST_F(DispatcherTest, SaysNothingOfAnExceptionOnTheWayToAHandler) {  // S58
  class Broken final : public AccessCheck {
    std::variant<Caller, Response> admit(const Request& /*request*/,
                                         const Route& /*route*/) override {
      throw std::runtime_error("MARKER");
    }
    void limited(const Request& /*request*/) override {}
  } broken;
  Dispatcher dispatcher(Router(routes()), &broken, clock_, log_, settings());
  auto made = request(Method::Get, "/api/v2/things", good_);
  const auto response = dispatcher.answer(made, {"192.0.2.9", 443});
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, Not(HasSubstr("MARKER")));
}

TEST_F(DispatcherTest, SendsNoHeaderThatWouldSplitTheResponse) {  // S59
  const auto response = get("/splits");
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.headers, Not(Contains(Pair("Location", testing::_))));
  EXPECT_EQ(log_.problems().size(), 1U);
}

TEST_F(DispatcherTest, TellsEveryCallHowItsBucketStands) {  // C18
  for (const auto& headers : {std::vector<Field>{}, good_}) {
    EXPECT_THAT(get("/api/v2/things", headers).headers,
                AllOf(Contains(Pair("X-RateLimit-Limit", "100")),
                      Contains(Pair("X-RateLimit-Remaining", "99")),
                      Contains(Pair("X-RateLimit-Reset", "1767225601"))));
  }
  EXPECT_THAT(get("/public").headers, Not(Contains(Pair("X-RateLimit-Limit", testing::_))));
}

TEST_F(DispatcherTest, RefusesACallBeyondTheBucket) {  // S69, C19, C20
  for (int i = 0; i < kRequestBurst; ++i) ASSERT_EQ(get("/api/v2/things", good_).status, 200);
  const auto refused = get("/api/v2/things", good_);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(
      refused.body,
      R"({"statusCode":429,"error":"Too Many Requests","message":"Global limit has been reached","errorCode":"too_many_requests"})");
  EXPECT_THAT(
      refused.headers,
      AllOf(Contains(Pair("Retry-After", "1")), Contains(Pair("X-RateLimit-Remaining", "0"))));
  EXPECT_THAT(access_.limited_requests(), testing::ElementsAre("/api/v2/things")) << "to the log";
}

TEST_F(DispatcherTest, WordsTheSameForOAuth) {  // C20
  Response last;
  for (int i = 0; i <= kRequestBurst; ++i) last = answer(request(Method::Post, "/oauth/token"));
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(
      last.body,
      R"({"error":"too_many_requests","error_description":"Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset headers."})");
}

TEST_F(DispatcherTest, HoldsASourceAfterTwentyBadTokens) {
  for (int i = 0; i < kFailedAuthenticationsPerMinute; ++i) {
    ASSERT_EQ(get("/api/v2/things").status, 401);
  }
  const auto held = get("/api/v2/things");
  EXPECT_EQ(held.status, 429);
  EXPECT_THAT(held.headers, Contains(Pair("Retry-After", "60")));
  EXPECT_EQ(get("/api/v2/things", good_).status, 200) << "a good token is no guess";
  EXPECT_THAT(access_.limited_requests(), testing::ElementsAre("/api/v2/things"));
  EXPECT_EQ(get("/public").status, 200) << "health goes on";

  auto elsewhere = request(Method::Get, "/api/v2/things", good_);
  elsewhere.client = "192.0.2.2";
  EXPECT_EQ(answer(elsewhere).status, 200);
  clock_.advance(std::chrono::seconds(60));
  EXPECT_EQ(get("/api/v2/things").status, 401);
}

TEST_F(DispatcherTest, CountsTheClientBehindAProxyAndNotTheProxy) {  // S56
  const auto through = [this](const char* client) {
    auto made = request(Method::Get, "/api/v2/things", {{"X-Forwarded-For", client}});
    made.client = "10.0.0.1";
    return answer(made).status;
  };
  for (int i = 0; i < kFailedAuthenticationsPerMinute; ++i) EXPECT_EQ(through("198.51.100.1"), 401);
  EXPECT_EQ(through("198.51.100.1"), 429);
  EXPECT_EQ(through("198.51.100.2"), 401);
}

TEST_F(DispatcherTest, HoldsWhoeverGuessesTickets) {
  for (int i = 0; i < kLookupMissesPerHour; ++i) ASSERT_EQ(get("/ticket").status, 403);
  EXPECT_EQ(get("/ticket").status, 429);
}

TEST_F(DispatcherTest, OpensItselfToConfiguredOriginsAlone) {  // C06, S60
  const auto preflight = [](const char* origin) {
    return request(Method::Options,
                   "/api/v2/things/7",
                   {{"Origin", origin}, {"Access-Control-Request-Method", "PUT"}});
  };
  const auto allowed = answer(preflight("https://admin.example.org"));
  EXPECT_EQ(allowed.status, 204);
  EXPECT_THAT(allowed.headers,
              AllOf(Contains(Pair("Access-Control-Allow-Origin", "https://admin.example.org")),
                    Contains(Pair("Access-Control-Allow-Methods", "PUT")),
                    Contains(Pair("Access-Control-Allow-Headers", HasSubstr("Authorization"))),
                    Contains(Pair("Vary", "Origin")),
                    Not(Contains(Pair("Access-Control-Allow-Credentials", testing::_)))));
  for (const auto* origin : {"https://evil.example",
                             "https://admin.example.org.evil.example",
                             "null",
                             "http://admin.example.org"}) {
    const auto refused = answer(preflight(origin));
    EXPECT_EQ(refused.status, 405) << origin;
    EXPECT_THAT(refused.headers, Not(Contains(Pair("Access-Control-Allow-Origin", testing::_))));
  }
  auto headers = good_;
  headers.emplace_back("Origin", "https://admin.example.org");
  EXPECT_THAT(get("/api/v2/things", headers).headers,
              Contains(Pair("Access-Control-Expose-Headers", HasSubstr("X-RateLimit-Limit"))));
}

TEST_F(DispatcherTest, SendsNoCorsHeadersWhereNoOriginIsConfigured) {  // S60
  auto closed = settings();
  closed.cors_origins.clear();
  dispatcher_.configure(closed);
  auto headers = good_;
  headers.emplace_back("Origin", "https://admin.example.org");
  for (const auto& [name, value] : get("/api/v2/things", headers).headers) {
    EXPECT_THAT(name, Not(testing::StartsWith("Access-Control")));
  }
}

TEST_F(DispatcherTest, AllowsALongBodyWhereTheRouteDoes) {
  EXPECT_EQ(dispatcher_.body_limit(Method::Put, {"api", "v2", "things", "7"}), kMaxBulkBody);
  EXPECT_EQ(dispatcher_.body_limit(Method::Post, {"oauth", "token"}), kMaxBody);
  EXPECT_EQ(dispatcher_.body_limit(Method::Post, {"nowhere"}), kMaxBody);
}

}  // namespace
}  // namespace twinlock::http
