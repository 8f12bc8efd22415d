// SPDX-License-Identifier: MIT
#include "daemon/http/user_access.h"

#include <algorithm>

#include "daemon/http/actor.h"
#include "daemon/http/errors.h"

namespace twinlock::http {
namespace {

constexpr std::string_view kPrivileged = ":privileged";

Scopes privileged(const Scopes& scopes) {
  Scopes wanted;
  for (const auto& scope : scopes) wanted.push_back(scope + std::string(kPrivileged));
  return wanted;
}

}  // namespace

Response no_such_user() { return api_error(404, "The user does not exist.", "inexistent_user"); }

Response user_error(const Request& request, const Error& error) {
  switch (error.code) {
    case ErrorCode::NotFound:
      return no_such_user();
    case ErrorCode::InvalidInput:
      return api_error(400, "Payload validation error: '" + error.detail + "'", "invalid_body");
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

std::optional<Response> UserAccess::refusal_for(const Request& request,
                                                const Account& owner,
                                                const Scopes& scopes) {
  if (users_.sight_of(owner, request.caller.users) == Users::Sight::Hidden) return no_such_user();
  const auto wanted = privileged(scopes);
  const bool may = std::any_of(wanted.begin(), wanted.end(), [&request](const auto& scope) {
    return request.caller.has_scope(scope);
  });
  if (may || users_.privilege_of(owner) == Users::Privilege::Ordinary) return std::nullopt;
  return insufficient_scope(wanted);
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
