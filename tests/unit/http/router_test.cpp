// SPDX-License-Identifier: MIT
#include "daemon/http/router.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

// S57: our own table of literal segments.
namespace twinlock::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

Route route(const char* id, Method method, const char* pattern) {
  return {id, method, pattern, {}, [](const Request&) { return Response{}; }};
}

Router factors() {
  return Router({
      route("G01", Method::Get, "/guardian/factors"),
      route("G02", Method::Get, "/guardian/factors/{name}"),
      route("G03", Method::Put, "/guardian/factors/{name}"),
      route("G09", Method::Get, "/guardian/factors/phone/message-types"),
      route("X01", Method::Post, "/guardian/factors/phone"),
      route("U11", Method::Get, "/users/{user}/methods/{id}"),
      route("H01", Method::Get, "/"),
  });
}

std::string id_of(const Match& match) { return match.route == nullptr ? "" : match.route->id; }

TEST(Router, FindsARouteByItsLiteralSegments) {
  EXPECT_EQ(id_of(factors().find(Method::Get, {"guardian", "factors"})), "G01");
  EXPECT_EQ(id_of(factors().find(Method::Get, {""})), "H01");
}

TEST(Router, SaysWhatStoodInThePlacesOfThePattern) {
  const auto router = factors();
  const auto match = router.find(Method::Get, {"users", "unix|alice", "methods", "01J"});
  EXPECT_EQ(id_of(match), "U11");
  EXPECT_THAT(match.parameters, ElementsAre(Pair("user", "unix|alice"), Pair("id", "01J")));
}

TEST(Router, TakesTextBeforeANameButFallsBackToTheName) {
  const auto router = factors();
  EXPECT_EQ(id_of(router.find(Method::Get, {"guardian", "factors", "phone", "message-types"})),
            "G09");
  EXPECT_EQ(id_of(router.find(Method::Post, {"guardian", "factors", "phone"})), "X01");
  const auto by_name = router.find(Method::Get, {"guardian", "factors", "phone"});
  EXPECT_EQ(id_of(by_name), "G02");
  EXPECT_THAT(by_name.parameters, ElementsAre(Pair("name", "phone")));
}

TEST(Router, ServesHeadByTheRouteOfGet) {
  EXPECT_EQ(id_of(factors().find(Method::Head, {"guardian", "factors"})), "G01");
}

TEST(Router, NamesTheMethodsOfAKnownPath) {  // C13
  const auto router = factors();
  EXPECT_EQ(router.find(Method::Delete, {"guardian", "factors"}).allowed, "GET, HEAD");
  EXPECT_EQ(router.find(Method::Delete, {"guardian", "factors", "phone"}).allowed,
            "GET, HEAD, POST, PUT");
}

TEST(Router, KnowsNoPathBeyondOrShortOfAPattern) {
  const auto router = factors();
  const std::vector<std::vector<std::string>> unknown{
      {"guardian"},
      {"guardian", "factors", "phone", "message-types", "sms"},
      {"Guardian", "factors"},
      {"guardian", "factors", ""},  // a slash at the end is another path
      {"users", "", "methods", "01J"}};
  for (const auto& path : unknown) {
    const auto match = router.find(Method::Get, path);
    EXPECT_EQ(match.route, nullptr) << testing::PrintToString(path);
    EXPECT_EQ(match.allowed, "") << testing::PrintToString(path);
  }
}

TEST(Router, WalksAPathOfAnyDepthWithoutRecursingAlongIt) {
  EXPECT_EQ(factors().find(Method::Get, std::vector<std::string>(100'000, "users")).route, nullptr);
}

TEST(Router, ListsItsRoutesAsTheyWereGiven) {
  const auto router = factors();
  EXPECT_EQ(router.routes().size(), 7U);
  EXPECT_EQ(router.routes().front().id, "G01");
}

TEST(Router, KeepsItsRoutesWhenItIsMoved) {
  auto first = factors();
  const Router second(std::move(first));
  EXPECT_EQ(id_of(second.find(Method::Get, {"guardian", "factors"})), "G01");
}

TEST(Router, RefusesTwoRoutesForOnePlace) {
  EXPECT_THROW(Router({route("A", Method::Get, "/a/{x}"), route("B", Method::Get, "/a/{y}")}),
               std::logic_error);
}

TEST(Router, RefusesAPatternThatIsNone) {
  EXPECT_THROW(Router({route("A", Method::Get, "a")}), std::logic_error);
  EXPECT_THROW(Router({route("A", Method::Get, "/a/{x")}), std::logic_error);
  EXPECT_THROW(Router({route("A", Method::Get, "/a/{}")}), std::logic_error);
}

TEST(Request, FindsAHeaderWithoutRegardToCase) {
  Request request;
  request.headers = {{"X-Name", "first"}, {"x-name", "second"}};
  EXPECT_EQ(request.header("x-NAME"), "first");
  EXPECT_EQ(request.header("x-nam"), std::nullopt);
}

TEST(Request, HasNoParameterThatThePatternHasNot) {
  Request request;
  request.parameters = {{"id", "7"}};
  EXPECT_EQ(request.parameter("id"), "7");
  EXPECT_THROW(static_cast<void>(request.parameter("name")), std::logic_error);
}

TEST(Response, CantBeSentWithAControlInAHeader) {  // S59
  Response response;
  EXPECT_TRUE(is_sendable(response));
  response.add_header("Location", "/a b");
  EXPECT_TRUE(is_sendable(response));
  for (const auto* value : {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\x7f"}) {
    Response spoiled;
    spoiled.add_header("Location", value);
    EXPECT_FALSE(is_sendable(spoiled)) << value;
  }
  Response spoiled;
  spoiled.add_header("Location", std::string("a\0b", 3));
  EXPECT_FALSE(is_sendable(spoiled));
  Response named;
  named.add_header("Set Cookie", "a");
  EXPECT_FALSE(is_sendable(named));
}

}  // namespace
}  // namespace twinlock::http
