// SPDX-License-Identifier: MIT
#include "client/output.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace twinlock::client {
namespace {

class OutputTest : public testing::Test {
 protected:
  Output output(Form form, bool utf8 = true) { return {out_, err_, form, utf8}; }

  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(OutputTest, PeopleReadTextAndNoJson) {
  auto human = output(Form::Human);
  human.text("two methods\n");
  human.json({{"methods", 2}});
  EXPECT_EQ(out_.str(), "two methods\n");
}

TEST_F(OutputTest, ProgramsReadOneJsonValueALineAndNothingElse) {
  auto json = output(Form::Json);
  json.text("two methods\n");
  json.note("a note");
  json.json({{"methods", 2}});
  json.json({{"name", "line\nend"}});
  EXPECT_EQ(out_.str(), "{\"methods\":2}\n{\"name\":\"line\\nend\"}\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(OutputTest, AnErrorGoesToStandardErrorInTheFormAskedFor) {
  output(Form::Human).error("not-found", "There is no such method.");
  EXPECT_EQ(err_.str(), "twinlock: There is no such method.\n");
  err_.str("");
  output(Form::Json).error("not-found", "There is no such method.");
  EXPECT_EQ(err_.str(), "{\"error\":\"not-found\",\"message\":\"There is no such method.\"}\n");
  EXPECT_EQ(out_.str(), "");
}

TEST_F(OutputTest, BytesThatAreNotUtf8StillMakeJson) {
  output(Form::Json).json({{"name", "a\xFF"}});
  EXPECT_EQ(out_.str(), "{\"name\":\"a\\ufffd\"}\n");
}

// S125: an escape sequence of C1, an override, a mark, a separator, DEL.
TEST_F(OutputTest, NoNameInJsonSteersATerminalAndEachStaysTheSameValue) {
  const std::string name = "Zo\u00eb \u009b31m \u202ex \u2066 \u061c \u200f \u2028 \x7f \U0001F511";
  output(Form::Json).json({{"name", name}});
  const auto line = out_.str();
  EXPECT_EQ(line.substr(0, line.find(' ')), "{\"name\":\"Zo\\u00eb");
  for (const char byte : line.substr(0, line.size() - 1)) {
    EXPECT_TRUE(byte >= 0x20 && byte < 0x7f) << static_cast<int>(byte);
  }
  EXPECT_EQ(nlohmann::json::parse(line).at("name"), name);
}

TEST_F(OutputTest, AnAsciiLocaleGetsAscii) {
  output(Form::Human, false).text("Zoë\n");
  EXPECT_EQ(out_.str(), "Zo?\n");
}

TEST_F(OutputTest, AResultThatCouldNotBeWrittenIsNoticed) {
  out_.setstate(std::ios::badbit);
  EXPECT_FALSE(output(Form::Human).flush());
}

}  // namespace
}  // namespace twinlock::client
