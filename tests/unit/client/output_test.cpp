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
  EXPECT_EQ(out_.str(), "{\"name\":\"a\xEF\xBF\xBD\"}\n");
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
