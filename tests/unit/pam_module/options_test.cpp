// SPDX-License-Identifier: MIT
#include "pam_module/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace twinlock::pam {
namespace {

using Arguments = std::vector<const char*>;

// S10: a mistyped option must not weaken anything in silence.
TEST(Options, WithoutArgumentsEveryDefaultHolds) {
  const auto options = parse_options(Arguments{});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->timeout, std::chrono::seconds(90));
  EXPECT_FALSE(options->debug);
  EXPECT_EQ(options->prompt, "");
  EXPECT_EQ(options->bus, "unix:path=" TWINLOCK_SYSTEM_BUS);  // S09
}

TEST(Options, EachIsTakenFromThePamLine) {
  const Arguments arguments{"timeout=30", "debug", "prompt=Einmalcode", "bus=unix:path=/run/b"};
  const auto options = parse_options(arguments);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->timeout, std::chrono::seconds(30));
  EXPECT_TRUE(options->debug);
  EXPECT_EQ(options->prompt, "Einmalcode");
  EXPECT_EQ(options->bus, "unix:path=/run/b");
}

TEST(Options, TheTimeoutTakesBothEndsOfItsRange) {
  EXPECT_TRUE(parse_options(Arguments{"timeout=15"}));
  EXPECT_TRUE(parse_options(Arguments{"timeout=110"}));
}

TEST(Options, ThePromptsPunctuationIsTheDaemons) {
  const auto options = parse_options(Arguments{"prompt=Code: "});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->prompt, "Code");
}

TEST(Options, ABusAddressFitsIntoASocketsName) {
  EXPECT_TRUE(parse_options(Arguments{"bus=unix:path=/run/b"}));
  const std::string longest = "bus=unix:path=/" + std::string(106, 'a');
  EXPECT_TRUE(parse_options(Arguments{longest.c_str()}));
  EXPECT_FALSE(parse_options(Arguments{(longest + "a").c_str()}));
}

class RefusedArguments : public testing::TestWithParam<Arguments> {};

TEST_P(RefusedArguments, AreInvalidInputThatNamesTheArgument) {  // S10
  const auto options = parse_options(GetParam());
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(options.error().detail.find(GetParam().back()), std::string::npos)
      << options.error().detail;
}

INSTANTIATE_TEST_SUITE_P(S10,
                         RefusedArguments,
                         testing::Values(Arguments{"timout=30"},
                                         Arguments{"debug=1"},
                                         Arguments{"Debug"},
                                         Arguments{""},
                                         Arguments{"nullok"},
                                         Arguments{"timeout"},
                                         Arguments{"timeout="},
                                         Arguments{"timeout=14"},
                                         Arguments{"timeout=111"},
                                         Arguments{"timeout=-30"},
                                         Arguments{"timeout=+30"},
                                         Arguments{"timeout= 30"},
                                         Arguments{"timeout=30s"},
                                         Arguments{"timeout=0x1e"},
                                         Arguments{"timeout=99999999999999999999"},
                                         Arguments{"timeout=30", "timeout=40"},
                                         Arguments{"debug", "debug"},
                                         Arguments{"prompt="},
                                         Arguments{"prompt=: "},
                                         Arguments{"prompt=\x1b[2J"},
                                         Arguments{"prompt=\xff"},
                                         Arguments{"bus="},
                                         Arguments{"bus=/run/dbus/system_bus_socket"},
                                         Arguments{"bus=unix:path=run/b"},
                                         Arguments{"bus=unix:path=/run/b,guid=5b6c"},
                                         Arguments{"bus=unix:path=/run/b%20c"},
                                         Arguments{"bus=unix:abstract=/tmp/b"},
                                         Arguments{"bus=unixexec:path=/bin/sh"},
                                         Arguments{"bus=tcp:host=192.0.2.1,port=1"},
                                         Arguments{"bus=unix:path=/a;unix:path=/b"}));

}  // namespace
}  // namespace twinlock::pam
