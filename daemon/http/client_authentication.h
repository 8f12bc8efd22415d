// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_CLIENT_AUTHENTICATION_H
#define TWINLOCK_DAEMON_HTTP_CLIENT_AUTHENTICATION_H

#include <optional>
#include <string>
#include <string_view>

#include "daemon/domain/api_access.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/http/oauth_parameters.h"
#include "daemon/http/options.h"
#include "daemon/http/parsed.h"
#include "daemon/ports/clock.h"

namespace twinlock::http {

// Which client sends a request to /oauth: by a secret in the body or in HTTP Basic, or by an
// assertion that it has signed (§5.1 of the contract, RFC 6749 §2.3). Any thread.
class ClientAuthentication {
 public:
  ClientAuthentication(ApiAccess& access, AuditTrail& audit, Clock& clock, const Options& options)
      : access_(access), audit_(audit), clock_(clock), options_(options) {}

  // The client; 400 for two ways at once; or one 401 for everything else that may be wrong, which
  // is recorded and counts as a guess of its source.
  [[nodiscard]] Parsed<ApiClient> client_of(const Request& request,
                                            const OAuthParameters& parameters);

 private:
  struct Claimed {
    std::string id;
    std::string secret;
    std::string_view assertion;
    bool is_basic = false;
  };

  [[nodiscard]] Parsed<Claimed> claimed_in(const Request& request,
                                           const OAuthParameters& parameters) const;
  [[nodiscard]] Result<std::optional<ApiClient>> verified(const Claimed& claimed);
  [[nodiscard]] Result<std::optional<ApiClient>> by_assertion(const Claimed& claimed);
  [[nodiscard]] Response refused(const Request& request, const Claimed& claimed);

  ApiAccess& access_;
  AuditTrail& audit_;
  Clock& clock_;
  const Options& options_;
};

}  // namespace twinlock::http

#endif
