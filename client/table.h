// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_TABLE_H
#define TWINLOCK_CLIENT_TABLE_H

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Text laid out for a terminal of a known width. `width` is in columns everywhere; nothing: as
// wide as it gets, for pipes and files.
namespace twinlock::client {

using Width = std::optional<std::size_t>;

// `line` broken at spaces so that none passes `width`, the lines behind the first indented by
// `indent`. Runs of spaces within a line stay, since columns are made of them. A word that is
// longer than a line stays whole.
[[nodiscard]] std::string wrapped(std::string_view line, std::size_t indent, Width width);

struct Column {
  std::string heading;
  // 0 stays; of the others, the highest goes first where there is no room for all.
  unsigned rank = 0;
};

// What a cell says that has nothing to say.
inline constexpr std::string_view kNothing = "-";

// Rows under a heading, each column as wide as its widest cell, two spaces between columns, one
// line a row, no trailing spaces. Every row has as many cells as there are columns.
//
// Where that is wider than `width`, columns without a value in any row go, then those with a rank.
// If it still doesn't fit, each row becomes a block of lines "HEADING  value", whole again.
[[nodiscard]] std::string table(const std::vector<Column>& columns,
                                const std::vector<std::vector<std::string>>& rows,
                                Width width = std::nullopt);

}  // namespace twinlock::client

#endif
