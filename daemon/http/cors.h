// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_CORS_H
#define TWINLOCK_DAEMON_HTTP_CORS_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/message.h"

// Which pages of other origins may call (C06, S60): those that are configured, by their own name
// and never by a star, and never with cookies.
namespace twinlock::http {

// Whether `request` is a browser's question whether it may ask (a preflight).
[[nodiscard]] bool is_preflight(const Request& request);

// The answer to a preflight for a path with these methods ("GET, PUT"), for an allowed origin; the
// caller adds what add_cors_headers() does.
[[nodiscard]] Response preflight_response(std::string_view methods);

// Whether the request comes from one of `origins`.
[[nodiscard]] bool is_allowed_origin(const Request& request,
                                     const std::vector<std::string>& origins);

// What a response to `request` says to the browser: nothing unless its origin is allowed, but that
// the answer depends on it.
void add_cors_headers(const Request& request,
                      const std::vector<std::string>& origins,
                      Response& response);

}  // namespace twinlock::http

#endif
