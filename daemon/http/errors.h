// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_ERRORS_H
#define TWINLOCK_DAEMON_HTTP_ERRORS_H

#include <string>
#include <string_view>

#include "common/result.h"
#include "daemon/http/message.h"

// The two forms in which a request is refused, and the one table from ErrorCode to them.
namespace twinlock::http {

// A body of /api/v2: statusCode, error, message, and errorCode if there is one.
[[nodiscard]] Response api_error(int status,
                                 std::string_view message,
                                 std::string_view error_code = {});

// RFC 6749 §5.2, for /oauth and /mfa.
[[nodiscard]] Response oauth_error(int status,
                                   std::string_view error,
                                   std::string_view description);

// What a call of the domain that failed means to the outside: status and body by `error.code`, in
// the form of the request's path. InvalidInput, Conflict, LimitExceeded, Forbidden and
// ProofRequired show `detail`, which is then a sentence about what the caller gave; the others say
// nothing of it. An endpoint that knows better words (404 inexistent_user) uses api_error().
[[nodiscard]] Response error_response(const Request& request, const Error& error);

// What anything that can't be explained looks like: the request's id, to be found in the log, and
// no more (S58).
[[nodiscard]] Response internal_error(std::string_view target, std::string_view request_id);

// 503 with Retry-After.
[[nodiscard]] Response unavailable(std::string_view target);

// A refusal of the engine itself, for a path that may not be known: in the form of the path.
[[nodiscard]] Response refusal(std::string_view target, int status, std::string_view message = {});

// Refusals by schema.h and its like, with what was wrong and where:
// 'Value 101 is greater than maximum 100' on property per_page (Page size).
struct Finding {
  std::string what;
  std::string where;        // the property, or empty for the whole
  std::string description;  // of the property, or empty

  [[nodiscard]] std::string text() const;
};
[[nodiscard]] Response body_error(const Finding& finding);
[[nodiscard]] Response query_error(const Finding& finding);
[[nodiscard]] Response path_error(const Finding& finding);

}  // namespace twinlock::http

#endif
