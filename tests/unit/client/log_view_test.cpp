// SPDX-License-Identifier: MIT
#include "client/commands/log_view.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "client/text.h"

namespace twinlock::client {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

json login(const char* time) {
  return {{"seq", 1},
          {"time", time},
          {"event", "login-denied"},
          {"user", "alice"},
          {"service", "sshd"},
          {"source", "203.0.113.7"},
          {"method_type", "totp"},
          {"result", "denied"},
          {"reason", "wrong-code"}};
}

json change() {
  return {{"seq", 2},
          {"time", "2026-03-22T10:00:01.000Z"},
          {"event", "configuration-rejected"},
          {"user", std::string(40, 'u')},
          {"source", "2001:db8:1111:2222:3333:4444:5555:6666"},
          {"result", "done"},
          {"detail", "a detail of many words that no terminal shows in what is left of a line"},
          {"actor", "uid 0"}};
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, display_width(line));
  return widest;
}

TEST(LogView, On80ColumnsALoginIsALineUnderAHeadingAndItsDay) {
  LogView view;
  EXPECT_EQ(view.lines_of(login("2026-03-22T10:00:00.000Z"), 80),
            "TIME     EVENT               USER     SERVICE  SOURCE          REASON\n"
            "2026-03-22 (UTC)\n"
            "10:00:00 login-denied        alice    sshd     203.0.113.7     wrong-code\n");
}

TEST(LogView, On110ColumnsThereIsRoomForTheMethod) {
  LogView view;
  EXPECT_EQ(
      view.lines_of(login("2026-03-22T10:00:00.000Z"), 110),
      "TIME     EVENT                  USER         SERVICE  SOURCE          METHOD        REASON\n"
      "2026-03-22 (UTC)\n"
      "10:00:00 login-denied           alice        sshd     203.0.113.7     totp          "
      "wrong-code\n");
}

TEST(LogView, HeadingAndDayAreSaidOnceAndAgainWhenTheyChange) {
  LogView view;
  static_cast<void>(view.lines_of(login("2026-03-22T10:00:00.000Z"), 80));
  const auto same_day = view.lines_of(login("2026-03-22T23:59:59.999Z"), 80);
  EXPECT_EQ(std::count(same_day.begin(), same_day.end(), '\n'), 1);
  const auto next_day = view.lines_of(login("2026-03-23T00:00:00.000Z"), 80);
  EXPECT_THAT(next_day, testing::StartsWith("2026-03-23 (UTC)\n00:00:00 "));
  const auto resized = view.lines_of(login("2026-03-23T00:00:01.000Z"), 120);
  EXPECT_THAT(resized, testing::StartsWith("TIME "));
}

TEST(LogView, WhatDoesNotFitIsWrappedBetweenWordsAndNothingOfItIsLost) {
  for (const std::size_t width : {60, 80, 110, 200}) {
    LogView view;
    const auto lines = view.lines_of(change(), width);
    EXPECT_LE(widest_line(lines), width) << lines;
    const auto record = change();
    for (const auto& [key, value] : record.items()) {
      if (key == "seq" || key == "time" || key == "result") continue;
      std::istringstream words(value.get<std::string>());
      for (std::string word; words >> word;) EXPECT_THAT(lines, HasSubstr(word)) << width;
    }
  }
}

TEST(LogView, WhereNoTerminalReadsARecordIsOneWholeLine) {
  LogView view;
  EXPECT_EQ(view.lines_of(login("2026-03-22T10:00:00.000Z"), std::nullopt),
            "2026-03-22T10:00:00.000Z login-denied           alice        sshd     "
            "203.0.113.7     totp          denied   wrong-code\n");
  const auto line = view.lines_of(change(), std::nullopt);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
}

TEST(LogView, ARecordCannotSteerTheTerminal) {  // S21
  auto record = login("2026-03-22T10:00:00.000Z\n\033[2J");
  record["user"] = "x\033[2J\ny";
  for (const Width width : {Width(80), Width()}) {
    EXPECT_THAT(LogView().lines_of(record, width), Not(HasSubstr("\033")));
  }
}

}  // namespace
}  // namespace twinlock::client
