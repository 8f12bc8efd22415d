// SPDX-License-Identifier: MIT
#include "client/text.h"

#include <gtest/gtest.h>

#include <clocale>

namespace twinlock::client {
namespace {

TEST(Text, ASecretIsShownInGroups) {
  EXPECT_EQ(in_groups("ABCDEFGHIJ", 4), "ABCD EFGH IJ");
  EXPECT_EQ(in_groups("ABCD", 4), "ABCD");
  EXPECT_EQ(in_groups("", 4), "");
}

TEST(Text, ALabelLosesWhatWouldSteerTheTerminal) {  // S21
  EXPECT_EQ(label("my\033[2Jphone\n\u202E\x07"), "my[2Jphone");
}

TEST(Text, OutsideOfUtf8EachCharacterBecomesOneQuestionMark) {
  EXPECT_EQ(to_ascii("Zoë 电话."), "Zo? ??.");
  EXPECT_EQ(to_ascii("\x80z"), "?z");
}

TEST(Text, WidthCountsColumnsAndNotBytes) {
  ASSERT_NE(setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
  EXPECT_EQ(display_width("Zoë"), 3U);
  EXPECT_EQ(display_width("电话"), 4U);
  EXPECT_EQ(padded("电话", 6), "电话  ");
  EXPECT_EQ(padded("longer", 3), "longer");
  EXPECT_STREQ(setlocale(LC_CTYPE, "C"), "C");
}

TEST(Text, TimesForProgramsAreRfc3339InUtc) {
  EXPECT_EQ(utc_time(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_time(1'700'000'000), "2023-11-14T22:13:20Z");
}

TEST(Text, TimesForPeopleAreShorterAndInUtcToo) {
  EXPECT_EQ(utc_minute(1'700'000'000), "2023-11-14 22:13");
}

TEST(Text, NeverIsADash) { EXPECT_EQ(utc_minute(0), "-"); }

}  // namespace
}  // namespace twinlock::client
