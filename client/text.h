// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_TEXT_H
#define TWINLOCK_CLIENT_TEXT_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace twinlock::client {

// `text` in groups of `size` characters with a space between, for eyes that copy a secret.
[[nodiscard]] std::string in_groups(std::string_view text, std::size_t size);

// A text that a user or the daemon chose, safe to show on one line (S21).
[[nodiscard]] std::string label(std::string_view text);

// `utf8` for a terminal that knows only ASCII: every other character becomes '?'.
[[nodiscard]] std::string to_ascii(std::string_view utf8);

// How many columns `utf8` takes on a terminal, by the locale's wcwidth(3).
[[nodiscard]] std::size_t display_width(std::string_view utf8);

// `utf8` with spaces behind it up to `width` columns; longer texts stay whole.
[[nodiscard]] std::string padded(std::string_view utf8, std::size_t width);

// Seconds since 1970 as RFC 3339 in UTC: "2026-01-31T12:00:00Z".
[[nodiscard]] std::string utc_time(std::int64_t seconds);

// The same for people, who are told the zone elsewhere: "2026-01-31 12:00"; "-" for 0, which is
// never. In UTC, too: comparable with the audit log, and no hour of it comes twice.
[[nodiscard]] std::string utc_minute(std::int64_t seconds);

}  // namespace twinlock::client

#endif
