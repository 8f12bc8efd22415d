// SPDX-License-Identifier: MIT
#include "daemon/http/actor.h"

#include "daemon/http/errors.h"

namespace twinlock::http {

std::string actor_name(const Caller& caller) {
  return "client " + caller.client_id + ", token " + caller.token_id;
}

Actor actor_of(const Request& request) { return {actor_name(request.caller), request.client}; }

Response insufficient_scope(const std::vector<std::string>& scopes) {
  std::string message = "Insufficient scope, expected any of: ";
  for (std::size_t i = 0; i < scopes.size(); ++i) message += (i == 0 ? "" : ",") + scopes[i];
  return api_error(403, message, "insufficient_scope");
}

}  // namespace twinlock::http
