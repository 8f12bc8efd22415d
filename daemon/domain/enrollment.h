// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_ENROLLMENT_H
#define TWINLOCK_DAEMON_DOMAIN_ENROLLMENT_H

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "daemon/domain/account.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/authentication_method.h"
#include "daemon/domain/change_budget.h"
#include "daemon/domain/conversation.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/key_ring.h"
#include "daemon/ports/random_source.h"
#include "daemon/ports/store.h"

namespace twinlock {

// Who changes somebody's methods, and with what right.
struct Authority {
  Actor actor;                 // for the audit log: "uid 1000", "uid 0"
  bool administrator = false;  // false: the user itself
  // A user's proof: the id of a conversation of purpose Proof that was granted lately (S74).
  std::optional<ConversationId> proof;
};

struct OtpRequest {
  MethodType type = MethodType::Totp;  // Totp or Hotp
  std::string name;                    // the user's label; empty for one that we choose
  OtpParameters parameters;
};

// What the user's app needs, shown once.
struct NewOtp {
  MethodId id;
  Secret seed;
  std::string uri;  // otpauth://
};

enum class Confirmation { WrongCode, Confirmed };

// From nothing to a confirmed method, and what may happen to one afterwards. Any thread.
//
// A user acting for itself needs no proof for its first method and one for every change after that;
// a proof given by recovery code adds methods but takes none away (S74, S106). Errors: NotFound,
// Forbidden, ProofRequired, LimitExceeded, InvalidInput with what to change, Unavailable.
class Enrollment {
 public:
  struct Ports {
    ConversationStore& conversations;
    MethodStore& methods;
    SettingsStore& settings;
    KeyRing& keys;
    RandomSource& random;
    Clock& clock;
    AuditTrail& audit;
  };

  // `issuer` names this installation in authenticator apps, unless the tenant has a name (A05).
  Enrollment(const Ports& ports, std::string issuer);

  // Whether users may enroll and change methods themselves; they may until told otherwise.
  void allow_self_service(bool allowed) { self_service_ = allowed; }

  // Every method enrolled under the account's name, foreign uids and unconfirmed ones included.
  [[nodiscard]] Result<std::vector<AuthenticationMethod>> methods_of(std::string_view name);

  // Makes an unconfirmed method, which counts for nothing until confirm_otp() and is forgotten
  // within the hour.
  [[nodiscard]] Result<NewOtp> enroll_otp(const Account& account,
                                          const OtpRequest& request,
                                          const Authority& authority);

  // Confirms it with a code of the authenticator, which is used up by that (S87). ProofRequired if
  // the account had nothing when the method was begun and has a confirmed one now.
  [[nodiscard]] Result<Confirmation> confirm_otp(const Account& account,
                                                 const MethodId& id,
                                                 const Secret& code,
                                                 const Authority& authority);

  // Finds where the authenticator stands from two consecutive codes (S90, RFC 4226 §7.4).
  // For administrators. WrongCode if no place within reach gives both.
  [[nodiscard]] Result<Confirmation> resynchronize(const Account& account,
                                                   const MethodId& id,
                                                   const Secret& first,
                                                   const Secret& second,
                                                   const Authority& authority);

  [[nodiscard]] Status rename(const Account& account,
                              const MethodId& id,
                              std::string_view name,
                              const Authority& authority);
  [[nodiscard]] Status remove(const Account& account,
                              const MethodId& id,
                              const Authority& authority);

  // A new set in the form that people read; the old one ends (S105). Users make one only beside an
  // authenticator: codes that were made before it, by whom nobody asked, must not outlive its
  // enrollment.
  [[nodiscard]] Result<std::vector<std::string>> make_recovery_codes(const Account& account,
                                                                     const Authority& authority);

 private:
  enum class Change { Add, TakeAway };

  [[nodiscard]] Status permit(const Account& account, const Authority& authority, Change change);
  [[nodiscard]] Status check_proof(const Account& account,
                                   const ConversationId& proof,
                                   Change change);
  [[nodiscard]] Status permit_confirmation(const Account& account,
                                           const AuthenticationMethod& method);
  // Users can't take away the last authenticator that the policy demands of them (S83).
  [[nodiscard]] Status keep_last(const Account& account,
                                 const AuthenticationMethod& leaving,
                                 const Authority& authority);
  // Counts what a user does to its own methods; an administrator is not counted.
  [[nodiscard]] Status count_change(const Account& account,
                                    const Authority& authority,
                                    const Instant& now);
  [[nodiscard]] Status require_authenticator(const Account& account, const Authority& authority);
  [[nodiscard]] Status require_factor(Factor factor);
  // The method, if it is this account's: its name and, for users, its uid.
  [[nodiscard]] Result<AuthenticationMethod> own_method(const Account& account,
                                                        const MethodId& id,
                                                        const Authority& authority);
  [[nodiscard]] Result<OtpMethod> own_otp_method(const Account& account,
                                                 const MethodId& id,
                                                 const Authority& authority);
  [[nodiscard]] MethodId new_id(WallTime now);
  [[nodiscard]] Status settled(const Result<Claim>& claim, const AuditEvent& event);

  Ports ports_;
  [[nodiscard]] Result<std::string> issuer();

  const std::string issuer_;
  ChangeBudget budget_;
  std::atomic<bool> self_service_{true};
};

}  // namespace twinlock

#endif
