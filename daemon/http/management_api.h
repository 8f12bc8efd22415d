// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_MANAGEMENT_API_H
#define TWINLOCK_DAEMON_HTTP_MANAGEMENT_API_H

#include <vector>

#include "daemon/domain/administration.h"
#include "daemon/domain/api_access.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/method_administration.h"
#include "daemon/domain/setting_groups.h"
#include "daemon/domain/signing_keys.h"
#include "daemon/domain/tickets.h"
#include "daemon/domain/users.h"
#include "daemon/http/authentication_method_endpoints.h"
#include "daemon/http/authenticator_settings_endpoints.h"
#include "daemon/http/bearer.h"
#include "daemon/http/client_authentication.h"
#include "daemon/http/enrollment_endpoints.h"
#include "daemon/http/factor_endpoints.h"
#include "daemon/http/log_endpoints.h"
#include "daemon/http/oauth_endpoints.h"
#include "daemon/http/options.h"
#include "daemon/http/phone_endpoints.h"
#include "daemon/http/push_endpoints.h"
#include "daemon/http/router.h"
#include "daemon/http/tenant_endpoints.h"
#include "daemon/http/user_block_endpoints.h"
#include "daemon/http/user_endpoints.h"
#include "daemon/ports/clock.h"

namespace twinlock::http {

// Everything that is answered under /api/v2 and /oauth, in one table. Requests under /api/v2 that
// could change something are written down, done or refused. Any thread.
class ManagementApi {
 public:
  // All of it outlives the API.
  struct Services {
    Administration& administration;
    Users& users;
    MethodAdministration& methods;
    Tickets& tickets;
    SettingGroups& groups;
    ApiAccess& access;
    SigningKeys& keys;
    AuditTrail& audit;
    AuditStore& log;
    Clock& clock;
    EnrolledMethodStore& enrolled;
  };

  ManagementApi(const Services& services, Options options);
  ManagementApi(const ManagementApi&) = delete;
  ManagementApi& operator=(const ManagementApi&) = delete;

  [[nodiscard]] std::vector<Route> routes();
  [[nodiscard]] AccessCheck& access_check() { return bearer_; }

 private:
  const Options options_;
  AuditTrail& audit_;
  Clock& clock_;
  FactorEndpoints factors_;
  PhoneEndpoints phone_;
  PushEndpoints push_;
  AuthenticatorSettingsEndpoints authenticators_;
  TenantEndpoints tenant_;
  UserEndpoints users_;
  AuthenticationMethodEndpoints methods_;
  EnrollmentEndpoints enrollments_;
  LogEndpoints logs_;
  UserBlockEndpoints blocks_;
  ClientAuthentication clients_;
  OAuthEndpoints oauth_;
  BearerCheck bearer_;
};

}  // namespace twinlock::http

#endif
