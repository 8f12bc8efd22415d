// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_METHOD_REQUEST_H
#define TWINLOCK_DAEMON_HTTP_METHOD_REQUEST_H

#include <string>
#include <vector>

#include "daemon/domain/method_administration.h"
#include "daemon/http/message.h"
#include "daemon/http/parsed.h"

namespace twinlock::http {

// The method that a body of U08 describes; the 400 says what is wrong with it. Keys without a
// relying party are ours: `relying_party`.
[[nodiscard]] Parsed<MethodRequest> new_method_of(const Request& request,
                                                  const std::string& relying_party);

// Those of a body of U09.
[[nodiscard]] Parsed<std::vector<MethodRequest>> new_methods_of(const Request& request);

// What a body of U12 changes.
[[nodiscard]] Parsed<EnrolledChange> method_change_of(const Request& request);

}  // namespace twinlock::http

#endif
