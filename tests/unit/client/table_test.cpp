// SPDX-License-Identifier: MIT
#include "client/table.h"

#include <gtest/gtest.h>

namespace twinlock::client {
namespace {

const std::vector<Column> kColumns{{"ID"}, {"MADE", 2}, {"USED", 1}, {"FLAGS"}};
const std::vector<std::vector<std::string>> kRows{{"01H", "Monday", "Tuesday", "-"},
                                                  {"01HABC", "Friday", "-", "-"}};

TEST(Table, AllCellsOfAColumnStartAtTheSamePlace) {
  EXPECT_EQ(table({{"ID"}, {"NAME"}, {"FLAGS"}}, {{"01H", "phone", "-"}, {"01HABC", "x", "weak"}}),
            "ID      NAME   FLAGS\n"
            "01H     phone  -\n"
            "01HABC  x      weak\n");
}

TEST(Table, WithoutRowsItIsItsHeading) { EXPECT_EQ(table({{"ID"}, {"NAME"}}, {}), "ID  NAME\n"); }

TEST(Table, WithRoomNothingIsLeftOut) {
  const auto whole = table(kColumns, kRows);
  EXPECT_EQ(table(kColumns, kRows, 30), whole);
  EXPECT_EQ(whole,
            "ID      MADE    USED     FLAGS\n"
            "01H     Monday  Tuesday  -\n"
            "01HABC  Friday  -        -\n");
}

TEST(Table, WhereItDoesNotFitTheColumnWithoutAnyValueGoesFirst) {
  EXPECT_EQ(table(kColumns, kRows, 29),
            "ID      MADE    USED\n"
            "01H     Monday  Tuesday\n"
            "01HABC  Friday  -\n");
}

TEST(Table, ThenTheColumnOfTheHighestRankGoes) {
  EXPECT_EQ(table(kColumns, kRows, 20),
            "ID      USED\n"
            "01H     Tuesday\n"
            "01HABC  -\n");
}

TEST(Table, WhatStillDoesNotFitBecomesABlockARow) {
  EXPECT_EQ(table({{"ID"}, {"NAME"}}, {{"01H", "a name of words"}, {"01I", "x"}}, 16),
            "ID    01H\n"
            "NAME  a name of\n"
            "      words\n"
            "\n"
            "ID    01I\n"
            "NAME  x\n");
}

TEST(Wrapped, ALineThatFitsStaysAsItIs) {
  EXPECT_EQ(wrapped("a  b c", 2, 6), "a  b c");
  EXPECT_EQ(wrapped("a  b c", 2, std::nullopt), "a  b c");
}

TEST(Wrapped, LinesBreakBetweenWordsAndRunsOfSpacesStay) {
  EXPECT_EQ(wrapped("one   two three", 2, 10), "one   two\n  three");
}

TEST(Wrapped, AWordLongerThanALineStaysWhole) {
  EXPECT_EQ(wrapped("a 0123456789 b", 2, 6), "a\n  0123456789\n  b");
}

}  // namespace
}  // namespace twinlock::client
