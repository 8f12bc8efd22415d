// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_USER_BLOCK_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_USER_BLOCK_ENDPOINTS_H

#include <string>
#include <vector>

#include "daemon/domain/administration.h"
#include "daemon/http/parsed.h"
#include "daemon/http/router.h"
#include "daemon/http/user_access.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/store.h"

namespace twinlock::http {

// Whose codes are on hold after too many wrong ones, and the end of it (A10, A11).
class UserBlockEndpoints {
 public:
  UserBlockEndpoints(Administration& administration, Users& users, AuditStore& audit, Clock& clock)
      : administration_(administration),
        users_(users),
        access_(users),
        audit_(audit),
        clock_(clock) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  // By user id, where nobody of that name is an error; or by identifier, where it is not.
  enum class Named { ById, ByIdentifier };

  [[nodiscard]] Response show(const Request& request, Named named);
  [[nodiscard]] Response end(const Request& request, Named named);
  // The account, or the response that ends the request.
  [[nodiscard]] Parsed<Account> account_in(const Request& request,
                                           Named named,
                                           const std::vector<std::string>& scopes,
                                           const Response& nobody);
  [[nodiscard]] Result<std::string> last_source(const std::string& user);

  Administration& administration_;
  Users& users_;
  UserAccess access_;
  AuditStore& audit_;
  Clock& clock_;
};

}  // namespace twinlock::http

#endif
