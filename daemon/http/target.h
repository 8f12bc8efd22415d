// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_TARGET_H
#define TWINLOCK_DAEMON_HTTP_TARGET_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/message.h"

// Percent-encoded text (RFC 3986): request targets, queries and forms. Each is decoded once.
namespace twinlock::http {

// `text` with each %XX as its byte; nothing if a % has no two hexadecimal digits behind it.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

// `text` as one segment of a path or one value of a query: everything but RFC 3986's unreserved
// characters as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

// The segments of a path in origin form, decoded: "/a/b%7Cc/" is "a", "b|c", "". A raw '|' is data
// (C07). Nothing for what S54 refuses: no slash at the beginning, an empty segment but the last,
// "." and ".." in any spelling, characters that aren't visible ASCII, a fragment, a bad escape, and
// '/', '\' or a control or invalid UTF-8 once decoded.
[[nodiscard]] std::optional<std::vector<std::string>> path_segments(std::string_view path);

// The pairs of a query or of an application/x-www-form-urlencoded body, decoded, in order; '+' is a
// space; a name without '=' has an empty value. Nothing for a bad escape, a control but tab and
// line ends, or invalid UTF-8.
[[nodiscard]] std::optional<std::vector<Field>> form_fields(std::string_view text);

}  // namespace twinlock::http

#endif
