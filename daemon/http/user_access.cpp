// SPDX-License-Identifier: MIT
#include "daemon/http/user_access.h"

#include <algorithm>
#include <string>

#include "daemon/domain/scope.h"
#include "daemon/http/actor.h"
#include "daemon/http/errors.h"

namespace twinlock::http {
namespace {

Scopes privileged(const Scopes& scopes) {
  Scopes wanted;
  for (const auto& scope : scopes) wanted.push_back(scope + std::string(kPrivileged));
  return wanted;
}

std::string without_stop(std::string text) {
  if (text.ends_with('.')) text.pop_back();
  return text;
}

bool has_any_privileged(const Request& request, const Scopes& scopes) {
  return std::any_of(scopes.begin(), scopes.end(), [&request](const auto& scope) {
    return request.caller.scopes.contains_privileged(scope);
  });
}

}  // namespace

Response no_such_user() { return api_error(404, "The user does not exist.", "inexistent_user"); }

Response user_error(const Request& request, const Error& error) {
  switch (error.code) {
    case ErrorCode::NotFound:
      return no_such_user();
    case ErrorCode::InvalidInput:
      return body_error({.what = without_stop(error.detail), .where = {}, .description = {}});
    case ErrorCode::Conflict:
    case ErrorCode::Forbidden:
    case ErrorCode::ProofRequired:
    case ErrorCode::LimitExceeded:
    case ErrorCode::Unavailable:
    case ErrorCode::Internal:
      break;
  }
  return error_response(request, error);
}

bool UserAccess::is_hidden(const Request& request, const Account& owner) {
  return users_.sight_of(owner, request.caller.users) == Users::Sight::Hidden;
}

std::function<bool(const Account&)> UserAccess::admission(const Request& request,
                                                          const Scopes& scopes) {
  if (request.caller.users == UserFilter{} && has_any_privileged(request, scopes)) return nullptr;
  return [this, &request, scopes](const Account& owner) {
    return !refusal_for(request, owner, scopes);
  };
}

std::optional<Response> UserAccess::refusal_for(const Request& request,
                                                const Account& owner,
                                                const Scopes& scopes) {
  if (is_hidden(request, owner)) return no_such_user();
  if (has_any_privileged(request, scopes) ||
      users_.privilege_of(owner) == Users::Privilege::Ordinary) {
    return std::nullopt;
  }
  return insufficient_scope(privileged(scopes));
}

Parsed<Account> UserAccess::owner_of(const Request& request,
                                     std::string_view id,
                                     const Scopes& scopes) {
  const auto owner = users_.owner_of(id);
  if (!owner) return user_error(request, owner.error());
  if (auto refusal = refusal_for(request, *owner, scopes)) return *std::move(refusal);
  return *owner;
}

}  // namespace twinlock::http
