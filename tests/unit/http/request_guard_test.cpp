// SPDX-License-Identifier: MIT
#include "daemon/http/request_guard.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <gmock/gmock.h>

#include "daemon/http/limits.h"

// S53, S54: what reaches anybody behind the guard is complete, bounded, and means one thing.
namespace twinlock::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

RequestGuard make_guard() {
  return RequestGuard([](Method, const std::vector<std::string>& segments) {
    return segments.front() == "bulk" ? kMaxBulkBody : kMaxBody;
  });
}

std::string head(const std::string& lines) { return "POST /a HTTP/1.1\r\nHost: h\r\n" + lines; }

// The status it is refused with; 0 if it is complete and -1 if more is wanted.
int outcome_of(std::string_view bytes) {
  auto guard = make_guard();
  static_cast<void>(guard.take(bytes));
  switch (guard.state()) {
    case RequestGuard::State::Complete:
      return 0;
    case RequestGuard::State::Refused:
      return guard.refusal().status;
    case RequestGuard::State::Head:
    case RequestGuard::State::Body:
      break;
  }
  return -1;
}

RequestGuard::Complete request_from(std::string_view bytes) {
  auto guard = make_guard();
  EXPECT_EQ(guard.take(bytes), bytes.size());
  EXPECT_EQ(guard.state(), RequestGuard::State::Complete) << bytes;
  return guard.take_request();
}

TEST(RequestGuard, ReadsARequest) {
  const auto [request, keep_alive] = request_from(
      "PUT /users/unix|alice/a%20b?x=1&y=%7C HTTP/1.1\r\nHost: h:8443\r\nX-A:  one \r\n"
      "x-a:two\r\nX-Empty:\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(request.method, Method::Put);
  EXPECT_EQ(request.target, "/users/unix|alice/a%20b?x=1&y=%7C");
  EXPECT_THAT(request.segments, ElementsAre("users", "unix|alice", "a b"));
  EXPECT_THAT(request.query, ElementsAre(Pair("x", "1"), Pair("y", "|")));
  EXPECT_THAT(request.headers,
              ElementsAre(Pair("Host", "h:8443"),
                          Pair("X-A", "one"),
                          Pair("x-a", "two"),
                          Pair("X-Empty", ""),
                          Pair("Content-Length", "5")));
  EXPECT_EQ(request.body, "hello");
  EXPECT_TRUE(keep_alive);
}

TEST(RequestGuard, LeavesHeaderValuesUndecoded) {  // S55
  const auto complete = request_from(head("X: a%0d%0aSet-Cookie:b\r\n\r\n"));
  EXPECT_EQ(complete.request.header("X"), "a%0d%0aSet-Cookie:b");
}

TEST(RequestGuard, ReadsTheSameWhereverTheBytesAreCut) {
  const std::string bytes =
      "POST /a?b=c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX: y\r\n\r\n";
  const auto whole = request_from(bytes);
  EXPECT_EQ(whole.request.body, "abc0123456789");
  for (std::size_t step = 1; step < bytes.size(); ++step) {
    auto guard = make_guard();
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      const auto part = std::string_view(bytes).substr(at, step);
      EXPECT_EQ(guard.take(part), part.size());
    }
    ASSERT_EQ(guard.state(), RequestGuard::State::Complete) << step;
    const auto cut = guard.take_request();
    EXPECT_EQ(cut.request.headers, whole.request.headers);
    EXPECT_EQ(cut.request.body, whole.request.body);
  }
}

TEST(RequestGuard, WantsMoreOfEveryBeginning) {
  const auto bytes = head("Content-Length: 3\r\n\r\nabc");
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(outcome_of(bytes.substr(0, length)), -1) << length;
  }
}

TEST(RequestGuard, LeavesTheNextRequestToTheNextTurn) {  // pipelining
  const std::string first = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string second = "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n";
  auto guard = make_guard();
  EXPECT_EQ(guard.take(first + second), first.size());
  EXPECT_EQ(guard.take(second), 0U);
  EXPECT_EQ(guard.take_request().request.target, "/1");
  EXPECT_FALSE(guard.has_begun());
  EXPECT_EQ(guard.take(second), second.size());
  EXPECT_EQ(guard.take_request().request.target, "/2");
}

TEST(RequestGuard, RefusesHostileRequestLines) {  // S54
  const struct {
    const char* bytes;
    int status;
  } cases[] = {
      {"\r\nGET / HTTP/1.1\r\n", 400},
      {"GET / HTTP/1.1\n", 400},
      {"GET /\r HTTP/1.1\r\n", 400},
      {"GET  / HTTP/1.1\r\n", 400},
      {"GET /  HTTP/1.1\r\n", 400},
      {" GET / HTTP/1.1\r\n", 400},
      {"GET / HTTP/1.1 \r\n", 400},
      {"GET\t/\tHTTP/1.1\r\n", 400},
      {"GET /\r\n", 400},
      {"GET / http/1.1\r\n", 400},
      {"GET / HTTP/1.10\r\n", 400},
      {"GET / HTTP/2.0\r\n", 400},
      {"GET / HTTP/0.9\r\n", 400},
      {"get / HTTP/1.1\r\n", 400},
      {"TRACE / HTTP/1.1\r\n", 400},
      {"CONNECT h:443 HTTP/1.1\r\n", 400},
      {"PRI * HTTP/2.0\r\n", 400},
      {"OPTIONS * HTTP/1.1\r\n", 400},
      {"GET http://h/ HTTP/1.1\r\n", 400},
      {"GET //h/ HTTP/1.1\r\n", 400},
      {"GET /a//b HTTP/1.1\r\n", 400},
      {"GET /../a HTTP/1.1\r\n", 400},
      {"GET /a/./b HTTP/1.1\r\n", 400},
      {"GET /a/%2e%2e HTTP/1.1\r\n", 400},
      {"GET /a%2Fb HTTP/1.1\r\n", 400},
      {"GET /a%5cb HTTP/1.1\r\n", 400},
      {"GET /a%00 HTTP/1.1\r\n", 400},
      {"GET /a%ff HTTP/1.1\r\n", 400},
      {"GET /a%zz HTTP/1.1\r\n", 400},
      {"GET /a?b=%zz HTTP/1.1\r\n", 400},
      {"GET /a?b=%00 HTTP/1.1\r\n", 400},
      {"GET /a?b=%ff HTTP/1.1\r\n", 400},
      {"GET /a?b#c HTTP/1.1\r\n", 400},
      {"GET /a\x01 HTTP/1.1\r\n", 400},
      {"GET /\xc3\xa9 HTTP/1.1\r\n", 400},
      {"\x16\x03\x01\x02\r\n", 400},
  };
  for (const auto& one : cases) EXPECT_EQ(outcome_of(one.bytes), one.status) << one.bytes;
}

TEST(RequestGuard, RefusesHostileHeaders) {  // S54
  const struct {
    const char* lines;
    int status;
  } cases[] = {
      {"X: a\n\r\n", 400},
      {"X: a\rb\r\n\r\n", 400},
      {"X: a\x01\r\n\r\n", 400},
      {"X: a\x7f\r\n\r\n", 400},
      {" X: a\r\n\r\n", 400},
      {"X: a\r\n folded\r\n\r\n", 400},
      {"X: a\r\n\tfolded\r\n\r\n", 400},
      {"X : a\r\n\r\n", 400},
      {"X\r\n\r\n", 400},
      {": a\r\n\r\n", 400},
      {"X_Y: a\r\n\r\n", 400},
      {"X(Y): a\r\n\r\n", 400},
      {"X\xc3\xa9: a\r\n\r\n", 400},
      {"Host: h\r\n\r\n", 400},
      {"hOST: other\r\n\r\n", 400},
      {"Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
      {"Content-Length: 1, 1\r\n\r\n", 400},
      {"Content-Length: +1\r\n\r\n", 400},
      {"Content-Length: -1\r\n\r\n", 400},
      {"Content-Length: 0x1\r\n\r\n", 400},
      {"Content-Length: 1 1\r\n\r\n", 400},
      {"Content-Length:\r\n\r\n", 400},
      {"Content-Length: 65537\r\n\r\n", 413},
      {"Content-Length: 18446744073709551617\r\n\r\n", 413},
      {"Transfer-Encoding: gzip, chunked\r\n\r\n", 400},
      {"Transfer-Encoding: Chunked\r\n\r\n", 400},
      {"Transfer-Encoding: chunked, identity\r\n\r\n", 400},
      {"Transfer-Encoding: xchunked\r\n\r\n", 400},
      {"Transfer-Encoding: \"chunked\"\r\n\r\n", 400},
      {"Transfer-Encoding:\r\n\r\n", 400},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400},
      {"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"Content-Encoding: gzip\r\n\r\n", 400},
      {"Content-Encoding: identity\r\n\r\n", 400},
      {"Expect: 200-ok\r\n\r\n", 417},
  };
  for (const auto& one : cases) EXPECT_EQ(outcome_of(head(one.lines)), one.status) << one.lines;
  EXPECT_EQ(outcome_of(head(std::string("X: a\0b\r\n\r\n", 10))), 400);
  EXPECT_EQ(outcome_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(outcome_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(RequestGuard, RefusesHostileChunks) {  // S54
  const struct {
    const char* chunks;
    int status;
  } cases[] = {
      {"\r\n", 400},         {"g\r\n", 400},          {"-1\r\n", 400},
      {"+1\r\n", 400},       {"0x1\r\n", 400},        {" 1\r\n", 400},
      {"1 \r\n", 400},       {"1;a=b\r\n", 400},      {"1\n", 400},
      {"1\r1", 400},         {"1\r\naX", 400},        {"1\r\na\rX", 400},
      {"1\r\na\n", 400},     {"000000001\r\n", 400},  {"ffffffff\r\n", 413},
      {"10001\r\n", 413},    {"0\r\nX\x01\r\n", 400}, {"0\r\n\n", 400},
      {"0\r\nX: y\rz", 400},
  };
  for (const auto& one : cases) {
    const auto bytes = head("Transfer-Encoding: chunked\r\n\r\n") + one.chunks;
    EXPECT_EQ(outcome_of(bytes), one.status) << one.chunks;
  }
}

TEST(RequestGuard, BoundsEveryPart) {  // S53, §2.4
  const auto line = [](std::size_t query) {
    return "GET /?" + std::string(query, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  };
  EXPECT_EQ(outcome_of(line(kMaxRequestLine - 15)), 0);
  EXPECT_EQ(outcome_of(line(kMaxRequestLine - 14)), 414);
  EXPECT_EQ(outcome_of("GET /" + std::string(kMaxPath - 1, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n"),
            0);
  EXPECT_EQ(outcome_of("GET /" + std::string(kMaxPath, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n"), 414);

  const auto lines = [](std::size_t count) {
    std::string all = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (std::size_t i = 1; i < count; ++i) all += "X: y\r\n";
    return all + "\r\n";
  };
  EXPECT_EQ(outcome_of(lines(kMaxHeaderLines)), 0);
  EXPECT_EQ(outcome_of(lines(kMaxHeaderLines + 1)), 431);

  const auto value = [](std::size_t size) {
    return "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(size, 'a') + "\r\n\r\n";
  };
  EXPECT_EQ(outcome_of(value(kMaxHead - 16)), 0);
  EXPECT_EQ(outcome_of(value(kMaxHead - 15)), 431);
  EXPECT_EQ(outcome_of("GET / HTTP/1.1\r\nX: " + std::string(kMaxHead, 'a')), 431) << "no line end";

  EXPECT_EQ(outcome_of(head("Content-Length: 65536\r\n\r\n") + std::string(kMaxBody, 'a')), 0);
  EXPECT_EQ(outcome_of("PUT /bulk HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n"), -1);
  EXPECT_EQ(outcome_of("PUT /bulk HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n"), 413);
  EXPECT_EQ(
      outcome_of(head("Transfer-Encoding: chunked\r\n\r\n8000\r\n") + std::string(0x8000, 'a') +
                 "\r\n8000\r\n" + std::string(0x8000, 'a') + "\r\n1\r\n"),
      413);
  EXPECT_EQ(
      outcome_of(head("Transfer-Encoding: chunked\r\n\r\n0\r\n") + std::string(kMaxHead + 1, 'a')),
      400);
}

TEST(RequestGuard, TakesNothingMoreOnceItHasRefused) {
  auto guard = make_guard();
  static_cast<void>(guard.take("BAD / HTTP/1.1\r\n"));
  EXPECT_EQ(guard.take("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), 0U);
  EXPECT_EQ(guard.state(), RequestGuard::State::Refused);
}

TEST(RequestGuard, ReadsAndDropsTheBodyOfAGet) {  // C09
  for (const auto* method : {"GET", "HEAD", "DELETE"}) {
    const auto complete = request_from(std::string(method) +
                                       " /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_EQ(complete.request.body, "") << method;
  }
  EXPECT_EQ(
      request_from(
          "GET /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
          .request.body,
      "");
}

TEST(RequestGuard, TakesNoFramingForNoBody) {
  EXPECT_EQ(request_from("POST /a HTTP/1.1\r\nHost: h\r\n\r\n").request.body, "");
}

TEST(RequestGuard, DropsRanges) {
  EXPECT_EQ(request_from("GET /a HTTP/1.1\r\nHost: h\r\nRange: bytes=0-1\r\n\r\n")
                .request.header("Range"),
            std::nullopt);
}

TEST(RequestGuard, ClosesWhereTheClientWantsItOrKnowsNoBetter) {
  EXPECT_FALSE(request_from(head("Connection: close\r\n\r\n")).keep_alive);
  EXPECT_FALSE(request_from(head("Connection: x, CLOSE\r\n\r\n")).keep_alive);
  EXPECT_TRUE(request_from(head("Connection: closed\r\n\r\n")).keep_alive);
  EXPECT_FALSE(request_from("GET / HTTP/1.0\r\n\r\n").keep_alive);
}

TEST(RequestGuard, SaysOnceThatTheClientWaitsToBeToldToGoOn) {
  auto guard = make_guard();
  static_cast<void>(guard.take(head("Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n")));
  EXPECT_TRUE(guard.take_expectation());
  EXPECT_FALSE(guard.take_expectation());
  static_cast<void>(guard.take("ab"));
  EXPECT_EQ(guard.take_request().request.body, "ab");

  static_cast<void>(guard.take(head("Expect: 100-continue\r\nContent-Length: 2\r\n\r\na")));
  EXPECT_FALSE(guard.take_expectation()) << "it didn't wait";
}

}  // namespace
}  // namespace twinlock::http
