// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_OAUTH_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_OAUTH_ENDPOINTS_H

#include <vector>

#include "daemon/domain/api_access.h"
#include "daemon/domain/signing_keys.h"
#include "daemon/http/client_authentication.h"
#include "daemon/http/options.h"
#include "daemon/http/router.h"

namespace twinlock::http {

// Tokens for programs (RFC 6749 §4.4), their end (RFC 7009), and what others have to know of us
// (RFC 8414, RFC 7517): O01, O02, O09-O13 of the contract.
class OAuthEndpoints {
 public:
  OAuthEndpoints(ApiAccess& access,
                 SigningKeys& keys,
                 ClientAuthentication& clients,
                 const Options& options)
      : access_(access), keys_(keys), clients_(clients), options_(options) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  [[nodiscard]] Response token(const Request& request);
  [[nodiscard]] Response client_credentials(const Request& request,
                                            const OAuthParameters& parameters,
                                            const ApiClient& client);
  [[nodiscard]] Response revoke(const Request& request);
  [[nodiscard]] Response discovery(const Request& request);
  [[nodiscard]] Response key_set(const Request& request);
  [[nodiscard]] static Response user(const Request& request);

  ApiAccess& access_;
  SigningKeys& keys_;
  ClientAuthentication& clients_;
  const Options& options_;
};

}  // namespace twinlock::http

#endif
