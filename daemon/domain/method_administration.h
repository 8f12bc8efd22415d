// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_METHOD_ADMINISTRATION_H
#define TWINLOCK_DAEMON_DOMAIN_METHOD_ADMINISTRATION_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/method_data.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/key_ring.h"
#include "daemon/ports/random_source.h"
#include "daemon/ports/store.h"

namespace twinlock {

// A method that an administrator makes for somebody.
struct MethodRequest {
  MethodType type = MethodType::Totp;
  std::string name;            // may be empty
  bool confirmed = true;       // an administrator vouches; otherwise pending, for an hour
  std::optional<Secret> seed;  // of TOTP
  MethodData data;             // of phones, addresses and keys
};

// The seed of a TOTP method as administrators have it: base32 in either case; spaces, dashes, "="
// and bits left over are ignored. Nothing for other characters, for less than 80 bits (S92) or more
// than kMaxSeedBytes.
[[nodiscard]] std::optional<Secret> parse_seed(std::string_view text);

// What an administrator does to somebody's methods through the management API: of every type, and
// without the user's proof. Any thread. Each change is an audit record with its actor; making a
// confirmed method, or taking one away, is an alert (S67, S129). Errors: NotFound, Conflict (the
// user has that number, address or credential), LimitExceeded, Unavailable.
class MethodAdministration {
 public:
  struct Ports {
    EnrolledMethodStore& enrolled;
    MethodStore& methods;
    KeyRing& keys;
    RandomSource& random;
    Clock& clock;
    AuditTrail& audit;
  };

  explicit MethodAdministration(const Ports& ports) : ports_(ports) {}

  // Of this name and uid, oldest first; without pending ones whose hour is over.
  [[nodiscard]] Result<std::vector<EnrolledMethod>> list(const Account& owner);
  // NotFound for one of somebody else's (C28).
  [[nodiscard]] Result<EnrolledMethod> find(const Account& owner, const MethodId& id);
  // Whosever it is.
  [[nodiscard]] Result<EnrolledMethod> find(const MethodId& id);

  [[nodiscard]] Result<EnrolledMethod> add(const Account& owner,
                                           MethodRequest request,
                                           const Actor& actor);
  // All that the user has gives way to `requests`, or nothing changes. In their order.
  [[nodiscard]] Result<std::vector<EnrolledMethod>> replace_all(const Account& owner,
                                                                std::vector<MethodRequest> requests,
                                                                const Actor& actor);
  // Also recovery codes, known places, tickets, failed attempts and what is pending.
  [[nodiscard]] Status remove_all(const Account& owner, const Actor& actor);
  // NotFound also where `change` names a channel and the method is no phone.
  [[nodiscard]] Result<EnrolledMethod> change(const Account& owner,
                                              const MethodId& id,
                                              const EnrolledChange& change,
                                              const Actor& actor);
  [[nodiscard]] Status remove(const Account& owner, const MethodId& id, const Actor& actor);
  // Every TOTP and HOTP method; none is fine as well.
  [[nodiscard]] Status remove_one_time_codes(const Account& owner, const Actor& actor);

  // One code, told this once, in place of all that the user had (S105): 24 letters and digits.
  [[nodiscard]] Result<std::string> make_recovery_code(const Account& owner, const Actor& actor);
  // Where the user's logins came from counts as unknown.
  [[nodiscard]] Status forget_places(const Account& owner, const Actor& actor);

 private:
  [[nodiscard]] NewMethod draft(const Account& owner, MethodRequest request, WallTime now);
  [[nodiscard]] Result<AuditEvent> event_now(AuditEventType type,
                                             const Account& owner,
                                             const Actor& actor);

  Ports ports_;
};

}  // namespace twinlock

#endif
