// SPDX-License-Identifier: MIT
#include "daemon/http/library.h"

#include <string>

#include <gmock/gmock.h>

namespace twinlock::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Response example() {
  Response response;
  response.body = "{\"a\":1}";
  response.add_header("X-One", "1");
  response.add_header("X-One", "2");
  return response;
}

TEST(Library, WritesAResponse) {
  Library library;
  const auto bytes = library.write(Method::Get, example(), true);
  EXPECT_THAT(bytes,
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                    HasSubstr("Content-Type: application/json; charset=utf-8\r\n"),  // C14
                    HasSubstr("Content-Length: 7\r\n"),
                    HasSubstr("X-One: 1\r\n"),
                    HasSubstr("X-One: 2\r\n"),
                    testing::EndsWith("\r\n\r\n{\"a\":1}"),
                    Not(HasSubstr("Connection: close"))));
}

TEST(Library, SaysThatTheConnectionEnds) {
  Library library;
  EXPECT_THAT(library.write(Method::Get, example(), false), HasSubstr("Connection: close\r\n"));
}

TEST(Library, WritesNoBodyForHead) {
  Library library;
  const auto bytes = library.write(Method::Head, example(), true);
  EXPECT_THAT(bytes, AllOf(HasSubstr("Content-Length: 7\r\n"), testing::EndsWith("\r\n\r\n")));
  EXPECT_THAT(bytes, HasSubstr("Accept-Ranges: none\r\n"));
}

// Heads are kept: what they are kept by has to be all that they depend on.
TEST(Library, WritesEachResponseItsOwnHead) {
  Library library;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t size = 1; size < 200; ++size) {
      Response response;
      response.body = std::string(size, 'x');
      const auto length = "Content-Length: " + std::to_string(size) + "\r\n";
      EXPECT_THAT(library.write(Method::Get, response, true), HasSubstr(length));
    }
    auto response = example();
    EXPECT_THAT(library.write(Method::Get, response, true), Not(HasSubstr("Connection: close")));
    EXPECT_THAT(library.write(Method::Get, response, false), HasSubstr("Connection: close"));
    response.status = 404;
    EXPECT_THAT(library.write(Method::Get, response, true), StartsWith("HTTP/1.1 404 "));
    response.content_type = "text/plain";
    response.headers = {{"X-Two", "2"}};
    EXPECT_THAT(library.write(Method::Get, response, true),
                AllOf(HasSubstr("Content-Type: text/plain\r\n"),
                      HasSubstr("X-Two: 2\r\n"),
                      Not(HasSubstr("X-One"))));
  }
}

TEST(Library, WritesEveryMethodAndStatusThatWeUse) {
  Library library;
  for (const auto method :
       {Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete, Method::Options}) {
    for (const int status : {200, 201, 204, 302, 303, 400, 401, 403, 404, 405, 408, 409,
                             413, 414, 415, 417, 421, 422, 429, 431, 500, 503, 505}) {
      auto response = status == 204 ? empty_response(204) : example();
      response.status = status;
      const auto bytes = library.write(method, response, true);
      // The words behind it are the library's, and not the same in each of its versions.
      EXPECT_THAT(bytes, StartsWith("HTTP/1.1 " + std::to_string(status) + " "));
      EXPECT_THAT(bytes, testing::EndsWith(response.body));
    }
  }
}

TEST(Library, SaysNothingOfItself) {  // S60
  Library library;
  const auto bytes = library.write(Method::Get, example(), true);
  EXPECT_THAT(bytes, AllOf(Not(HasSubstr("Server:")), Not(HasSubstr("httplib"))));
}

TEST(Library, SendsABodyAsItIs) {
  Library library;
  auto response = example();
  response.body = std::string(100'000, 'x') + std::string("\0\r\n\r\n", 5);
  const auto bytes = library.write(Method::Get, response, true);
  EXPECT_TRUE(bytes.ends_with(response.body));
  EXPECT_THAT(bytes, Not(HasSubstr("Content-Encoding")));
}

}  // namespace
}  // namespace twinlock::http
