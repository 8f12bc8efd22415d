// SPDX-License-Identifier: MIT
#include "daemon/http/json.h"

#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/http/json_writer.h"
#include "daemon/http/limits.h"

// S62: what a JSON body may be.
namespace twinlock::http {
namespace {

std::string repeated(const char* text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Json, IsReadAsItWasWritten) {
  const auto value = parse_json(R"( {"b":[1,-2,3.5,true,null,"\u00e9"],"a":{"c":""}} )");
  ASSERT_TRUE(value);
  EXPECT_EQ(json_text(*value), R"({"b":[1,-2,3.5,true,null,"é"],"a":{"c":""}})");
}

TEST(Json, RefusesWhatIsNone) {
  for (const auto* text :
       {"",         " ",           "{",     "}",        "{\"a\":1",  "{\"a\":1,}", "[1,]",
        "[1 2]",    "nul",         "NaN",   "Infinity", "-Infinity", "01",         "+1",
        "1.",       ".5",          "0x10",  "'a'",      "{a:1}",     "\"a",        "\"\t\"",
        "\"\\x\"",  "\"\\ud800\"", "/**/1", "1//",      "1e999",     "{\"a\" 1}",  "\xef\xbb\xbf{}",
        "\"\xff\"", "\"\xc0\xaf\""}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
}

TEST(Json, RefusesTextBehindTheValue) {
  EXPECT_FALSE(parse_json("{} {}"));
  EXPECT_FALSE(parse_json("{}x"));
  EXPECT_FALSE(parse_json(std::string("{}\0x", 4)));
  EXPECT_FALSE(parse_json(std::string("{}\0", 3)));
  EXPECT_TRUE(parse_json("{}\r\n\t "));
}

TEST(Json, RefusesANameTwiceInOneObject) {
  EXPECT_FALSE(parse_json(R"({"a":1,"a":1})"));
  EXPECT_FALSE(parse_json(R"({"b":{"a":1,"\u0061":2}})"));
  EXPECT_TRUE(parse_json(R"({"a":{"a":1},"b":{"a":[{"a":1},{"a":1}]}})"));
}

TEST(Json, IsBoundedInDepth) {
  EXPECT_TRUE(parse_json(repeated("[", kMaxJsonDepth) + repeated("]", kMaxJsonDepth)));
  EXPECT_FALSE(parse_json(repeated("[", kMaxJsonDepth + 1) + repeated("]", kMaxJsonDepth + 1)));
  EXPECT_FALSE(parse_json(repeated("{\"a\":", 100'000)));
}

TEST(Json, IsBoundedInMembers) {
  const auto list = [](int members) { return "[" + repeated("0,", members - 1) + "0]"; };
  EXPECT_TRUE(parse_json(list(kMaxJsonMembers)));
  EXPECT_FALSE(parse_json(list(kMaxJsonMembers + 1)));
  EXPECT_FALSE(parse_json("[" + list(kMaxJsonMembers / 2) + "," + list(kMaxJsonMembers / 2) + "]"));
}

TEST(Json, IsWrittenEvenWhereAStringIsNot) {
  EXPECT_EQ(json_text(Json{{"a", "\xff"}}), "{\"a\":\"\xef\xbf\xbd\"}");
}

TEST(JsonWriter, WritesWhatATreeWouldBeWrittenAs) {
  const std::vector<std::string> texts{"",
                                       "plain",
                                       "a\"b\\c",
                                       "tab\t line\n",
                                       std::string("\0\x1f", 2),
                                       "\x7f",
                                       "é ☃ 🔑",
                                       "\xff\xc3"};
  Json tree = Json::object();
  JsonWriter json;
  json.begin_object();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto name = "text" + std::to_string(i);
    tree[name] = texts[i];
    json.key(name).value(texts[i]);
  }
  tree["numbers"] = {0, -1, std::numeric_limits<std::uint64_t>::max()};
  json.key("numbers").begin_array().value(0).value(-1);
  json.value(std::numeric_limits<std::uint64_t>::max()).end_array();
  tree["nested"] = Json::array({Json::object(), Json::array(), {{"a", true}, {"b", false}}});
  json.key("nested").begin_array().begin_object().end_object().begin_array().end_array();
  json.begin_object().key("a").value(true).key("b").value(false).end_object().end_array();
  json.key("raw").raw("[1]").end_object();
  tree["raw"] = {1};
  EXPECT_EQ(std::move(json).take(), json_text(tree));
}

}  // namespace
}  // namespace twinlock::http
