// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_REQUEST_RECORD_H
#define TWINLOCK_DAEMON_HTTP_REQUEST_RECORD_H

#include <string>
#include <string_view>

#include "daemon/domain/audit_trail.h"
#include "daemon/http/json.h"
#include "daemon/http/router.h"
#include "daemon/ports/clock.h"

// Requests to the management API in the audit log: who changed what, or tried to (S126).
namespace twinlock::http {

// How a request was answered.
struct Outcome {
  int status;
  std::string error_code;  // of a refusal that has one
};

// "PUT /api/v2/guardian/factors/otp 200 {…}": what was asked and answered, and behind it a JSON
// object with the query, the body, the user agent, Auth0-Client and the scopes. Of texts in a body
// only those that are words of the API are kept; all others may be secrets, numbers or addresses
// (S124).
[[nodiscard]] std::string record_of(const Request& request,
                                    const Caller& caller,
                                    const Outcome& outcome);

// The same, taken apart: method, path, query, body, errorCode, userAgent, auth0Client, scopes,
// statusCode.
[[nodiscard]] Json details_of(std::string_view recorded);

// Writes down every request that `handler` answers. The change itself has a record of its own.
[[nodiscard]] Handler recorded(Handler handler, AuditTrail& audit, Clock& clock);

// Writes down one that was refused before it came to a handler.
void record_refusal(const Request& request,
                    const Caller& caller,
                    const Outcome& outcome,
                    AuditTrail& audit,
                    Clock& clock);

}  // namespace twinlock::http

#endif
