// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_SIGNING_KEYS_H
#define TWINLOCK_DAEMON_DOMAIN_SIGNING_KEYS_H

#include <chrono>
#include <string>
#include <vector>

#include "common/result.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/random_source.h"
#include "daemon/ports/store.h"

namespace twinlock {

inline constexpr std::chrono::hours kSigningKeyLife{90 * 24};  // then another one signs
inline constexpr std::chrono::hours kSigningKeyOverlap{24};    // and this one still verifies

// What others verify our tokens with: a JSON Web Key (RFC 7517, RFC 7518 §6.3.1).
struct PublicSigningKey {
  std::string id;        // "kid"
  std::string modulus;   // "n", base64url
  std::string exponent;  // "e", base64url
};

// The RSA keys that sign ID tokens (RS256, since Auth0's clients verify nothing else). Any thread,
// any process: of those that make a key at once, one succeeds.
class SigningKeys {
 public:
  struct Ports {
    ApiClientStore& store;
    RandomSource& random;
    Clock& clock;
    AuditTrail& audit;
  };

  explicit SigningKeys(const Ports& ports) : ports_(ports) {}

  // Those that a token may be signed with, the one that signs now last. Makes the first one.
  [[nodiscard]] Result<std::vector<PublicSigningKey>> published();

  // Makes a key where the newest one is too old, and deletes those that no token needs any more.
  [[nodiscard]] Status renew();

 private:
  [[nodiscard]] Status make(std::string_view newest, WallTime now);
  [[nodiscard]] Status record_removal(const SigningKey& key, WallTime now);

  Ports ports_;
};

}  // namespace twinlock

#endif
