// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_API_ACCESS_H
#define TWINLOCK_DAEMON_DOMAIN_API_ACCESS_H

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "daemon/domain/api_client.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/random_source.h"
#include "daemon/ports/store.h"

namespace twinlock {

// What an administrator asks for.
struct ApiClientRequest {
  std::string name;
  std::vector<std::string> scopes;  // "full" alone: all that there are
  std::vector<std::string> networks;
  UserFilter users;
  std::string public_key;  // PEM
  std::chrono::seconds token_lifetime{std::chrono::hours(24)};
};

struct NewApiClient {
  std::string id;
  Secret secret;  // told this once; empty where there is a public key
};

struct IssuedToken {
  Secret token;
  ScopeSet scopes;
  std::chrono::seconds lifetime;
};

// Whom a good token speaks for, and what it may.
struct Bearer {
  std::string client;  // its id
  std::string token;   // token_name()
  ScopeSet scopes;     // of the token that the client still has
  UserFilter users;
};

// Clients of the management API, and their tokens (S64). Any thread. Errors: InvalidInput with what
// is allowed, NotFound, Conflict, LimitExceeded, Unavailable.
class ApiAccess {
 public:
  struct Ports {
    ApiClientStore& clients;
    RandomSource& random;
    Clock& clock;
    AuditTrail& audit;
  };

  explicit ApiAccess(const Ports& ports) : ports_(ports) {}

  [[nodiscard]] Result<NewApiClient> create(const ApiClientRequest& request, const Actor& actor);
  // By name; their secrets' hashes among them are of no use to anybody.
  [[nodiscard]] Result<std::vector<ApiClient>> clients();
  // A new secret; the old one and every token end.
  [[nodiscard]] Result<Secret> rotate(std::string_view id, const Actor& actor);
  [[nodiscard]] Status remove(std::string_view id, const Actor& actor);

  // The client of this id; nothing if there is none.
  [[nodiscard]] Result<std::optional<ApiClient>> find(std::string_view id);
  // The same if `secret` is its secret. An unknown id costs as much as a wrong secret (S68).
  [[nodiscard]] Result<std::optional<ApiClient>> authenticate(std::string_view id,
                                                              std::string_view secret);
  // Won by whoever shows the assertion `jti` of a client first, up to `expires` (RFC 7523 §3).
  [[nodiscard]] Result<Claim> claim_assertion(const ApiClient& client,
                                              std::string_view jti,
                                              WallTime expires);

  // A token with the client's scopes, cut down to those of `wanted` if that isn't empty.
  [[nodiscard]] Result<IssuedToken> issue(const ApiClient& client,
                                          const std::vector<std::string>& wanted,
                                          std::string_view source);
  // Nothing, for one reason or another, if the token is no good from there (S68).
  [[nodiscard]] Result<std::optional<Bearer>> bearer_of(std::string_view token,
                                                        std::string_view source);
  // Ends a token of the client; nothing happens if there is none (RFC 7009 §2.2).
  [[nodiscard]] Status revoke(std::string_view token,
                              const ApiClient& client,
                              std::string_view source);

  // Whether the client may speak from there; an address that can't be read may not.
  [[nodiscard]] static bool is_welcome(const ApiClient& client, std::string_view source);

 private:
  [[nodiscard]] Secret random_token(TokenKind kind);
  [[nodiscard]] std::string random_client_id();
  [[nodiscard]] Result<AuditEvent> event_now(AuditEventType type, const Actor& actor);

  Ports ports_;
};

}  // namespace twinlock

#endif
