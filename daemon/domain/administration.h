// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_ADMINISTRATION_H
#define TWINLOCK_DAEMON_DOMAIN_ADMINISTRATION_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/policy.h"
#include "daemon/ports/account_directory.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/store.h"

namespace twinlock {

// How one account stands, for itself and for its administrator.
struct AccountStatus {
  Account account;
  LoginPolicy policy = LoginPolicy::None;
  bool demanded = false;  // whether the policy demands a factor of it, rules by service aside
  bool enrolled = false;  // has a confirmed method that a login accepts
  std::vector<Factor> factors;
  int otp_methods = 0;  // confirmed
  int recovery_codes_left = 0;
  std::optional<WallTime> hold_until;  // of short codes
  bool short_codes_disabled = false;   // after 100 failures in a row
  bool foreign_uid = false;            // methods under this name were enrolled by another uid (S37)
  bool blocked = false;                // by an administrator: no login is let through
  bool gone = false;                   // from the system; what it has enrolled counts for nobody
};

// "active", "held", "disabled", or, whatever its attempts, "gone", "foreign-uid" and "blocked".
// `found` is what the directory says about the name; one that it can't tell about is shown by its
// attempts (S47).
[[nodiscard]] std::string_view state_name(const UserSummary& user,
                                          const Result<std::optional<Account>>& found,
                                          WallTime now);

// What an administrator does to accounts and to the settings that take effect at once. Each change
// is one audit record with its actor; what is so already is no change, and no record. Any thread.
// Errors: NotFound, InvalidInput, Unavailable.
class Administration {
 public:
  struct Ports {
    VerifierStore& verifiers;
    MethodStore& methods;
    UserStore& users;
    SettingsStore& settings;
    AccountDirectory& directory;
    Clock& clock;
    AuditTrail& audit;
  };

  explicit Administration(const Ports& ports) : ports_(ports) {}

  // The account of this name; where it is gone from the directory, as it was when it enrolled.
  [[nodiscard]] Result<Account> account_named(std::string_view name);
  [[nodiscard]] Result<AccountStatus> status_of(const Account& account);
  [[nodiscard]] Result<AccountStatus> status_named(std::string_view name);
  [[nodiscard]] Result<std::vector<UserSummary>> users_after(std::string_view name, int limit);

  // Removes every method of the name; returns how many there were.
  [[nodiscard]] Result<int> reset(std::string_view name, const Actor& actor);
  // Forgets the failures of the name, and enables its short codes again.
  [[nodiscard]] Status unlock(std::string_view name, const Actor& actor);

  [[nodiscard]] Result<RuntimeSettings> settings();
  [[nodiscard]] Status set_policy(LoginPolicy policy, const Actor& actor);
  [[nodiscard]] Status set_factor(Factor factor, bool enabled, const Actor& actor);

 private:
  struct Named {
    Account account;
    bool gone;
  };

  [[nodiscard]] Result<Named> find_named(std::string_view name);
  [[nodiscard]] Result<AuditEvent> event_now(AuditEventType type, const Actor& actor);

  Ports ports_;
};

}  // namespace twinlock

#endif
