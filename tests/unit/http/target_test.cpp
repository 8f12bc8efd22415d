// SPDX-License-Identifier: MIT
#include "daemon/http/target.h"

#include <string>

#include <gmock/gmock.h>

namespace twinlock::http {
namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::Pair;

TEST(Path, IsDecodedOncePerSegment) {  // C07
  EXPECT_THAT(path_segments("/users/unix%7Calice/x"),
              Optional(ElementsAre("users", "unix|alice", "x")));
  EXPECT_THAT(path_segments("/users/unix|alice"), Optional(ElementsAre("users", "unix|alice")));
  EXPECT_THAT(path_segments("/a%2541"), Optional(ElementsAre("a%41")));
  EXPECT_THAT(path_segments("/caf%C3%A9"), Optional(ElementsAre("caf\xc3\xa9")));
}

TEST(Path, KeepsASlashAtItsEndAsAnEmptySegment) {
  EXPECT_THAT(path_segments("/"), Optional(ElementsAre("")));
  EXPECT_THAT(path_segments("/a/"), Optional(ElementsAre("a", "")));
}

TEST(Path, RefusesWhatCouldMeanTwoThings) {  // S54
  for (const auto* path :
       {"",          "a",           "//",           "/a//b",  "/./a",   "/a/..", "/%2e",
        "/%2E%2e/a", "/.%2e",       "/a%2Fb",       "/a%2fb", "/a%5Cb", "/a\\b", "/a%00b",
        "/a%0ab",    "/a%7Fb",      "/a%",          "/a%4",   "/a%4g",  "/a%-1", "/a%80",
        "/a%C0%AF",  "/a%ED%A0%80", "/caf\xc3\xa9", "/a b",   "/a#b",   "*",     "http://h/a"}) {
    EXPECT_EQ(path_segments(path), std::nullopt) << path;
  }
  EXPECT_EQ(path_segments(std::string("/a\0b", 4)), std::nullopt);
}

TEST(Form, IsReadAsPairsInOrder) {
  EXPECT_THAT(
      form_fields("a=1&b=x+y%2B&a=2&c&=d&&"),
      Optional(ElementsAre(
          Pair("a", "1"), Pair("b", "x y+"), Pair("a", "2"), Pair("c", ""), Pair("", "d"))));
  EXPECT_THAT(form_fields("a=b=c"), Optional(ElementsAre(Pair("a", "b=c"))));
  EXPECT_THAT(form_fields("t=l1%0D%0Al2%09"), Optional(ElementsAre(Pair("t", "l1\r\nl2\t"))));
}

TEST(Form, RefusesBadEscapesAndBytes) {
  for (const auto* text : {"a=%", "a=%4", "a=%zz", "%80=a", "a=%00", "a=%1b"}) {
    EXPECT_EQ(form_fields(text), std::nullopt) << text;
  }
}

TEST(PercentEncoding, GivesBackWhatWasEncoded) {
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  EXPECT_EQ(percent_decoded(percent_encoded(every)), every);
  EXPECT_EQ(percent_encoded("unix|a b/-._~"), "unix%7Ca%20b%2F-._~");
}

}  // namespace
}  // namespace twinlock::http
