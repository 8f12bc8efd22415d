// SPDX-License-Identifier: MIT
#include "client/table.h"

#include <algorithm>
#include <numeric>

#include "client/text.h"

namespace twinlock::client {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kGap = 2;

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// A table of which some columns are shown.
class Grid {
 public:
  Grid(const std::vector<Column>& columns, const Rows& rows)
      : columns_(columns), rows_(rows), shown_(columns.size()) {
    std::iota(shown_.begin(), shown_.end(), std::size_t{0});
    for (std::size_t i = 0; i < columns.size(); ++i) {
      widths_.push_back(display_width(columns[i].heading));
      for (const auto& row : rows) widths_[i] = std::max(widths_[i], display_width(row[i]));
    }
  }

  [[nodiscard]] std::size_t width() const {
    std::size_t sum = 0;
    for (const auto i : shown_) sum += widths_[i] + (sum == 0 ? 0 : kGap);
    return sum;
  }

  // Whether there was one that can be missed.
  bool hide_one() {
    const auto least = std::max_element(
        shown_.begin(), shown_.end(), [this](auto a, auto b) { return waste(a) < waste(b); });
    if (least == shown_.end() || waste(*least) == 0) return false;
    shown_.erase(least);
    return true;
  }

  [[nodiscard]] std::string text() const {
    std::string lines = line([this](std::size_t i) { return columns_[i].heading; });
    for (const auto& row : rows_) lines += line([&row](std::size_t i) { return row[i]; });
    return lines;
  }

 private:
  // How well a column can be missed; 0: not at all.
  [[nodiscard]] std::size_t waste(std::size_t column) const {
    const bool is_empty = std::all_of(
        rows_.begin(), rows_.end(), [column](const auto& row) { return row[column] == kNothing; });
    return is_empty ? std::string::npos : columns_[column].rank;
  }

  template <typename Cell>
  [[nodiscard]] std::string line(Cell cell) const {
    std::string cells;
    for (const auto i : shown_) cells += padded(cell(i), widths_[i] + kGap);
    return without_trailing_spaces(std::move(cells)) + '\n';
  }

  const std::vector<Column>& columns_;
  const Rows& rows_;
  std::vector<std::size_t> shown_;
  std::vector<std::size_t> widths_;
};

std::string blocks(const std::vector<Column>& columns, const Rows& rows, Width width) {
  std::size_t indent = 0;
  for (const auto& column : columns) indent = std::max(indent, display_width(column.heading));
  indent += kGap;
  std::string text;
  for (const auto& row : rows) {
    if (!text.empty()) text += '\n';
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += wrapped(padded(columns[i].heading, indent) + row[i], indent, width) + '\n';
    }
  }
  return text;
}

}  // namespace

std::string wrapped(std::string_view line, std::size_t indent, Width width) {
  if (!width || display_width(line) <= *width) return std::string(line);
  std::string text;
  std::size_t at = 0;    // the column that `text` has reached
  bool is_fresh = true;  // nothing but an indent stands on the line yet
  while (!line.empty()) {
    const auto word_begin = std::min(line.find_first_not_of(' '), line.size());
    const auto word_end = std::min(line.find(' ', word_begin), line.size());
    const auto word = line.substr(word_begin, word_end - word_begin);
    if (!is_fresh && at + word_begin + display_width(word) > *width) {
      text = without_trailing_spaces(std::move(text)) + '\n' + std::string(indent, ' ');
      at = indent;
    } else {
      text.append(word_begin, ' ');
      at += word_begin;
    }
    text += word;
    at += display_width(word);
    is_fresh = false;
    line.remove_prefix(word_end);
  }
  return text;
}

std::string table(const std::vector<Column>& columns, const Rows& rows, Width width) {
  Grid grid(columns, rows);
  while (width && grid.width() > *width) {
    if (!grid.hide_one()) return blocks(columns, rows, width);
  }
  return grid.text();
}

}  // namespace twinlock::client
