// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_LOG_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_LOG_ENDPOINTS_H

#include <string>
#include <vector>

#include "daemon/domain/api_access.h"
#include "daemon/domain/audit_search.h"
#include "daemon/domain/users.h"
#include "daemon/http/log_view.h"
#include "daemon/http/options.h"
#include "daemon/http/router.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/store.h"

namespace twinlock::http {

// The audit log that logins write, in Auth0's form (A01-A03), and what it adds up to (A06, A07). A
// client that may see only some users sees only what happened to them (S65).
class LogEndpoints {
 public:
  LogEndpoints(
      AuditStore& audit, Users& users, ApiAccess& access, Clock& clock, const Options& options)
      : audit_(audit), users_(users), access_(access), clock_(clock), options_(options) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  [[nodiscard]] Result<LogContext> context();
  [[nodiscard]] Response list(const Request& request, const std::string& user);
  [[nodiscard]] Response list_after(const Request& request,
                                    const std::string& user,
                                    const std::string& from,
                                    int take);
  [[nodiscard]] Response show(const Request& request);
  [[nodiscard]] Response list_of_user(const Request& request);
  [[nodiscard]] Response active_users(const Request& request);
  [[nodiscard]] Response daily(const Request& request);

  AuditStore& audit_;
  Users& users_;
  ApiAccess& access_;
  Clock& clock_;
  const Options& options_;
};

}  // namespace twinlock::http

#endif
