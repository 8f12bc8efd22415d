// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_AUTHENTICATION_METHOD_H
#define TWINLOCK_DAEMON_DOMAIN_AUTHENTICATION_METHOD_H

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/secret.h"
#include "daemon/domain/account.h"
#include "daemon/domain/factor.h"
#include "daemon/domain/instant.h"
#include "daemon/domain/ulid.h"

namespace twinlock {

using MethodId = Ulid;

// The numbers are stored: never reused, never changed.
enum class MethodType {
  Totp = 1,
  Hotp = 2,
  RecoveryCode = 3,
  Phone = 4,
  Email = 5,
  WebauthnRoaming = 6,
  WebauthnPlatform = 7,
  Passkey = 8,
  Push = 9,
};

// Whether logins know what to do with it. The others are kept, listed and removed, and satisfy
// nothing.
[[nodiscard]] bool is_accepted_at_login(MethodType type);

// "totp", "hotp", "recovery-code", "phone", "email", "webauthn-roaming", "webauthn-platform",
// "passkey", "push".
[[nodiscard]] std::string_view method_type_name(MethodType type);
[[nodiscard]] std::optional<MethodType> method_type_named(std::string_view name);
// The factor that must be on for the method to count.
[[nodiscard]] Factor factor_of(MethodType type);

// One enrolled authenticator of a user, as Auth0 counts them.
struct AuthenticationMethod {
  MethodId id;
  Account owner;  // as it was at enrollment (S37)
  MethodType type;
  std::string name;  // the user's own label; filtered when stored (S21)
  WallTime created;
  std::optional<WallTime> confirmed;  // nothing: never satisfies, never offered (S49)
  std::optional<WallTime> last_used;
  bool weak = false;  // its seed has fewer than 128 bits (S92)
};

enum class HashAlgorithm { Sha1 = 1, Sha256 = 2, Sha512 = 3 };

// "SHA1", "SHA256", "SHA512", as otpauth:// URIs spell them; reading ignores case.
[[nodiscard]] std::string_view hash_algorithm_name(HashAlgorithm algorithm);
[[nodiscard]] std::optional<HashAlgorithm> hash_algorithm_named(std::string_view name);
// Bytes of a seed that we generate: the digest's own length (RFC 4226 §4 asks for at least 16).
[[nodiscard]] std::size_t seed_size(HashAlgorithm algorithm);

// A moving factor of RFC 4226: a TOTP time step (RFC 6238 §4.2) or an HOTP counter.
using MovingFactor = std::int64_t;

struct OtpParameters {
  HashAlgorithm algorithm = HashAlgorithm::Sha1;
  int digits = 6;                   // 6 or 8
  std::chrono::seconds period{30};  // 30 or 60; TOTP only
};

// What verifies a TOTP or HOTP authenticator.
struct OtpCredential {
  MethodId id;
  MethodType type;  // Totp or Hotp
  OtpParameters parameters;
  Secret seed;
  // TOTP: no step up to this one is accepted again (RFC 6238 §5.2). HOTP: the same for counters,
  // that is the next acceptable counter minus one (S91).
  MovingFactor last_used = -1;
  int offset =
      0;  // TOTP: steps that the authenticator's clock is ahead, from resynchronising (S90)
};

// Whether `method` may satisfy a login of `account` at all (S49): confirmed, enrolled by this name
// with this uid, and of a type that logins accept.
[[nodiscard]] bool is_usable_by(const AuthenticationMethod& method, const Account& account);

}  // namespace twinlock

#endif
