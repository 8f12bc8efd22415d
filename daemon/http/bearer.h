// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_BEARER_H
#define TWINLOCK_DAEMON_HTTP_BEARER_H

#include "daemon/domain/api_access.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/http/router.h"
#include "daemon/ports/clock.h"

namespace twinlock::http {

// Who calls the management API: the bearer token (RFC 6750 §2.1) of a client. One text for every
// bad token (S68); who may not is written down. Any thread.
class BearerCheck final : public AccessCheck {
 public:
  BearerCheck(ApiAccess& access, AuditTrail& audit, Clock& clock)
      : access_(access), audit_(audit), clock_(clock) {}

  std::variant<Caller, Response> admit(const Request& request, const Route& route) override;
  void limited(const Request& request) override;

 private:
  ApiAccess& access_;
  AuditTrail& audit_;
  Clock& clock_;
};

}  // namespace twinlock::http

#endif
