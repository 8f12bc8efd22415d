// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_AUTHENTICATION_METHOD_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_AUTHENTICATION_METHOD_ENDPOINTS_H

#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/method_administration.h"
#include "daemon/http/method_view.h"
#include "daemon/http/router.h"
#include "daemon/http/user_access.h"

namespace twinlock::http {

// U07 to U13, U16 to U18: a user's authentication methods, and what resets them.
class AuthenticationMethodEndpoints {
 public:
  struct Parts {
    MethodAdministration& methods;
    Users& users;
    PresentationSource presentation;
    std::string relying_party;  // of keys that name none: our public host name
  };

  explicit AuthenticationMethodEndpoints(Parts parts);

  [[nodiscard]] std::vector<Route> routes();

 private:
  [[nodiscard]] Response list(const Request& request);
  [[nodiscard]] Response create(const Request& request);
  [[nodiscard]] Response replace_all(const Request& request);
  [[nodiscard]] Response remove_all(const Request& request);
  [[nodiscard]] Response show(const Request& request);
  [[nodiscard]] Response change(const Request& request);
  [[nodiscard]] Response remove(const Request& request);
  [[nodiscard]] Response regenerate_recovery_code(const Request& request);
  [[nodiscard]] Response remove_provider(const Request& request);
  [[nodiscard]] Response forget_places(const Request& request);

  // The account of the path's user, if the caller may touch it by one of `scopes`.
  [[nodiscard]] Parsed<Account> owner_of(const Request& request, const Scopes& scopes);
  // With the path's method.
  // Nothing if the caller may touch the account by one of `scopes`, which the route doesn't demand.
  [[nodiscard]] std::optional<Response> refusal_beyond_route(const Request& request,
                                                             const Account& owner,
                                                             const Scopes& scopes);
  [[nodiscard]] Parsed<EnrolledMethod> method_of(const Request& request, const Scopes& scopes);

  Parts parts_;
  UserAccess access_;
};

}  // namespace twinlock::http

#endif
