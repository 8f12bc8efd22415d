// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_JSON_H
#define TWINLOCK_DAEMON_HTTP_JSON_H

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/result.h"
#include "daemon/http/message.h"

namespace twinlock::http {

// Keeps the order in which members were written.
using Json = nlohmann::ordered_json;

// One JSON text (RFC 8259) and nothing behind it, within the limits of S62: UTF-8, no name twice in
// an object, no deeper than kMaxJsonDepth, no more than kMaxJsonMembers. InvalidInput otherwise;
// `detail` doesn't quote it. Never throws, whatever the bytes.
[[nodiscard]] Result<Json> parse_json(std::string_view text);

// As text, without spaces. What isn't UTF-8 becomes U+FFFD.
[[nodiscard]] std::string json_text(const Json& value);

[[nodiscard]] Response json_response(int status, const Json& body);
// The same of what is JSON already.
[[nodiscard]] Response json_text_response(int status, std::string body);

// "boolean", "integer", "number", "string", "array", "object" or "null".
[[nodiscard]] std::string_view json_type(const Json& value);

}  // namespace twinlock::http

#endif
