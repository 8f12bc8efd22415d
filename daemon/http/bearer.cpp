// SPDX-License-Identifier: MIT
#include "daemon/http/bearer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/http/actor.h"
#include "daemon/http/errors.h"
#include "daemon/http/request_record.h"

namespace twinlock::http {
namespace {

Response unauthorized(std::string_view message) {
  auto response = api_error(401, message);
  response.add_header("WWW-Authenticate", "Bearer");
  return response;
}

// A guess at a token, which its source has only so many of.
Response invalid_token() {
  auto response = unauthorized("Invalid token");
  response.mark = Mark::FailedAuthentication;
  return response;
}

}  // namespace

std::variant<Caller, Response> BearerCheck::admit(const Request& request, const Route& route) {
  const auto header = request.header("Authorization");
  if (!header) return unauthorized("Missing authentication");
  const auto space = header->find(' ');
  const auto scheme = header->substr(0, space);
  const auto token = space == std::string_view::npos ? "" : header->substr(space + 1);
  if (!is_same_name(scheme, "Bearer") || token.empty() || token.find(' ') != token.npos) {
    return unauthorized("Bad HTTP authentication header format");
  }
  auto found = access_.bearer_of(token, request.client);
  if (!found) return error_response(request, found.error());
  if (!*found) {
    record_refusal(request, {}, {401, {}}, audit_, clock_);
    return invalid_token();
  }
  Caller caller{.client_id = std::move((*found)->client),
                .token_id = std::move((*found)->token),
                .scopes = (*found)->scopes,
                .users = std::move((*found)->users)};
  const bool may =
      route.scopes.empty() ||
      std::any_of(route.scopes.begin(), route.scopes.end(), [&caller](const auto& scope) {
        return caller.scopes.contains(scope);
      });
  if (!may) {
    record_refusal(request, caller, {403, "insufficient_scope"}, audit_, clock_);
    return insufficient_scope(route.scopes);
  }
  return caller;
}

void BearerCheck::limited(const Request& request) {
  record_refusal(request, request.caller, {429, "too_many_requests"}, audit_, clock_);
}

}  // namespace twinlock::http
