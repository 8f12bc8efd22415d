// SPDX-License-Identifier: MIT
#include "client/commands/log_view.h"

#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <utility>

#include "client/text.h"

namespace twinlock::client {
namespace {

using nlohmann::json;

struct Cell {
  const char* key;
  const char* heading;
  std::size_t width;  // as wide as its usual content; a longer one pushes the rest aside
};
constexpr std::array kEverything{Cell{"time", "", 24},
                                 Cell{"event", "", 22},
                                 Cell{"user", "", 12},
                                 Cell{"service", "", 8},
                                 Cell{"source", "", 15},
                                 Cell{"method_type", "", 13},
                                 Cell{"result", "", 8},
                                 Cell{"reason", "", 18}};
// Behind the time of day. These leave 17 columns of 80 to the reason, and 26 of 110.
constexpr std::array kNarrow{Cell{"event", "EVENT", 19},
                             Cell{"user", "USER", 8},
                             Cell{"service", "SERVICE", 8},
                             Cell{"source", "SOURCE", 15}};
constexpr std::array kWide{Cell{"event", "EVENT", 22},
                           Cell{"user", "USER", 12},
                           Cell{"service", "SERVICE", 8},
                           Cell{"source", "SOURCE", 15},
                           Cell{"method_type", "METHOD", 13}};
constexpr std::size_t kWideFrom = 105;

constexpr std::size_t kDayLength = std::string_view("2026-01-31").size();
constexpr std::size_t kTimeLength = std::string_view("12:00:00").size();

std::string cell(const json& record, const char* key) {
  const auto value = record.find(key);
  if (value == record.end() || !value->is_string()) return std::string(kNothing);
  auto text = label(value->get<std::string>());
  return text.empty() ? std::string(kNothing) : text;
}

// What changed, or which rule it was, and who did it.
std::string remark(const json& record) {
  const auto detail = cell(record, "detail");
  const auto actor = cell(record, "actor");
  std::string text = detail == kNothing ? "" : detail;
  if (actor != kNothing) text += (text.empty() ? "by " : ", by ") + actor;
  return text;
}

std::string cells(const json& record, std::span<const Cell> columns) {
  std::string line;
  for (const auto& column : columns) line += padded(cell(record, column.key), column.width) + ' ';
  return line;
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string heading(std::span<const Cell> columns) {
  std::string line = padded("TIME", kTimeLength) + ' ';
  for (const auto& column : columns) line += padded(column.heading, column.width) + ' ';
  return line + "REASON";
}

}  // namespace

std::string LogView::lines_of(const json& record, Width width) {
  if (!width) return trimmed(cells(record, kEverything) + remark(record)) + '\n';
  return for_terminal(record, *width);
}

std::string LogView::for_terminal(const json& record, std::size_t width) {
  const auto layout = width < kWideFrom ? Layout::Narrow : Layout::Wide;
  const std::span<const Cell> columns =
      layout == Layout::Wide ? std::span<const Cell>(kWide) : std::span<const Cell>(kNarrow);
  std::string lines;
  if (layout != heading_) lines += wrapped(heading(columns), kTimeLength + 1, width) + '\n';
  heading_ = layout;

  auto time = cell(record, "time");  // RFC 3339 in UTC
  if (time.size() > kDayLength + kTimeLength) {
    const auto day = time.substr(0, kDayLength);
    if (day != day_) lines += day + " (UTC)\n";
    day_ = day;
    time = time.substr(kDayLength + 1, kTimeLength);
  }
  const auto reason = cell(record, "reason");
  const auto rest = remark(record);
  auto line = padded(time, kTimeLength) + ' ' + cells(record, columns) +
              (reason == kNothing && !rest.empty() ? "" : reason + "  ") + rest;
  return lines + wrapped(trimmed(std::move(line)), kTimeLength + 1, width) + '\n';
}

}  // namespace twinlock::client
