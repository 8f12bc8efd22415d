// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_USER_ACCESS_H
#define TWINLOCK_DAEMON_HTTP_USER_ACCESS_H

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/users.h"
#include "daemon/http/message.h"
#include "daemon/http/parsed.h"

namespace twinlock::http {

using Scopes = std::vector<std::string>;

// Which users a caller may see: those of its client's filter, others aren't there (S65, S68). And
// which of them it may touch by an endpoint that any of `scopes` opens: privileged ones only with a
// scope that says so, "update:users:privileged" (S65).
class UserAccess {
 public:
  explicit UserAccess(Users& users) : users_(users) {}

  // Whose methods the user id of a path or a body leads to; 404 inexistent_user, 403 or 503.
  [[nodiscard]] Parsed<Account> owner_of(const Request& request,
                                         std::string_view id,
                                         const Scopes& scopes);
  // The same of an owner that was found already: nothing, or the 403.
  [[nodiscard]] std::optional<Response> refusal_for(const Request& request,
                                                    const Account& owner,
                                                    const Scopes& scopes);
  // Whether the caller's client has a filter that leaves this user out: then it isn't there (S68).
  [[nodiscard]] bool is_hidden(const Request& request, const Account& owner);
  // For lists: whom the caller may see there; nothing if that is everybody.
  [[nodiscard]] std::function<bool(const Account&)> admission(const Request& request,
                                                              const Scopes& scopes);

 private:
  Users& users_;
};

// 404 in the words for a user that isn't there.
[[nodiscard]] Response no_such_user();
// What a failure of Users or of MethodAdministration means.
[[nodiscard]] Response user_error(const Request& request, const Error& error);

}  // namespace twinlock::http

#endif
