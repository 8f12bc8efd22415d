// SPDX-License-Identifier: MIT
#include "daemon/domain/enrollment.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/encoding.h"
#include "common/otpauth_uri.h"
#include "daemon/domain/answer_parser.h"
#include "daemon/domain/hotp.h"
#include "daemon/domain/limits.h"
#include "daemon/domain/recovery_code.h"
#include "daemon/domain/totp.h"

namespace twinlock {
namespace {

constexpr std::uint64_t kFirstCounter = 0;
constexpr std::size_t kLongestIssuer = 64;  // as identity.issuer has it

Error not_found() { return {ErrorCode::NotFound, "no such authentication method of this account"}; }

std::optional<Error> problem_of(const OtpRequest& request) {
  const auto& [algorithm, digits, period] = request.parameters;
  static_cast<void>(algorithm);
  if (request.type != MethodType::Totp && request.type != MethodType::Hotp) {
    return Error{ErrorCode::InvalidInput, "type has to be totp or hotp"};
  }
  if (digits != 6 && digits != 8) return Error{ErrorCode::InvalidInput, "digits has to be 6 or 8"};
  if (request.type == MethodType::Totp && period != std::chrono::seconds(30) &&
      period != std::chrono::seconds(60)) {
    return Error{ErrorCode::InvalidInput, "period has to be 30 or 60 seconds"};
  }
  if (request.name != printable(request.name, kMethodNameBytes)) {
    return Error{ErrorCode::InvalidInput,
                 "the name has to be UTF-8 text of at most " + std::to_string(kMethodNameBytes) +
                     " bytes without control characters"};
  }
  return std::nullopt;
}

// The moving factor that `code` stands for, if the authenticator makes it now.
OtpMatch match_now(const OtpCredential& credential, std::string_view code, WallTime now) {
  return credential.type == MethodType::Hotp ? match_hotp(credential, code, kHotpLookAhead)
                                             : match_totp(credential, code, now, kTotpWindow);
}

// Whether the account has something to log in with besides recovery codes, and besides `leaving`.
bool has_authenticator(const std::vector<AuthenticationMethod>& methods,
                       const Account& account,
                       const std::optional<MethodId>& leaving = std::nullopt) {
  return std::any_of(methods.begin(), methods.end(), [&](const auto& method) {
    return method.id != leaving && method.type != MethodType::RecoveryCode &&
           is_usable_by(method, account);
  });
}

AuditEvent event_for(AuditEventType type,
                     const Account& account,
                     const AuthenticationMethod& method,
                     const Authority& authority,
                     WallTime now) {
  AuditEvent event{};
  event.time = now;
  event.type = type;
  event.user = account.name;
  event.uid = account.uid;
  event.method_type = method.type;
  event.method_id = method.id;
  attribute(event, authority.actor);
  return event;
}

}  // namespace

Enrollment::Enrollment(const Ports& ports, std::string issuer)
    : ports_(ports), issuer_(std::move(issuer)) {}

Result<std::vector<AuthenticationMethod>> Enrollment::methods_of(std::string_view name) {
  return ports_.methods.methods_of(name);
}

Status Enrollment::permit(const Account& account, const Authority& authority, Change change) {
  if (authority.administrator) return Done{};
  if (!self_service_) {
    return Error{ErrorCode::Forbidden, "self-service is switched off; ask an administrator"};
  }
  const auto methods = ports_.methods.methods_of(account.name);
  if (!methods) return methods.error();
  const bool has_one = std::any_of(methods->begin(), methods->end(), [&](const auto& method) {
    return is_usable_by(method, account);
  });
  if (!has_one) return Done{};
  if (authority.proof) return check_proof(account, *authority.proof, change);
  return Error{ErrorCode::ProofRequired, "an authenticator has to be shown first"};
}

Status Enrollment::check_proof(const Account& account, const ConversationId& proof, Change change) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  const auto found = ports_.conversations.conversation(proof);
  if (!found) return found.error();
  const bool is_good =
      *found && (*found)->purpose == Purpose::Proof && (*found)->phase == Phase::Granted &&
      (*found)->account && (*found)->account->name == account.name &&
      (*found)->account->uid == account.uid && !has_passed(kProofLifetime, (*found)->touched, *now);
  if (!is_good) return Error{ErrorCode::ProofRequired, "the proof is none, or is too old"};
  // A stolen sheet of codes must not take over in silence (S106).
  if (change == Change::TakeAway && (*found)->satisfied_by == MethodType::RecoveryCode) {
    return Error{ErrorCode::ProofRequired,
                 "a recovery code lets you add an authenticator; to take one away, show another"};
  }
  return Done{};
}

// Who had nothing was asked for no proof when this method was begun. If another one has come to
// count since, this one would be a further method without a proof: begin it again (S74).
Status Enrollment::permit_confirmation(const Account& account, const AuthenticationMethod& method) {
  const auto methods = ports_.methods.methods_of(account.name);
  if (!methods) return methods.error();
  bool has_one = false;
  bool had_one = false;
  for (const auto& other : *methods) {
    if (!is_usable_by(other, account)) continue;
    has_one = true;
    had_one = had_one || *other.confirmed < method.created;
  }
  if (!has_one || had_one) return Done{};
  return Error{ErrorCode::ProofRequired,
               "another authenticator was confirmed meanwhile; begin this one again"};
}

Status Enrollment::keep_last(const Account& account,
                             const AuthenticationMethod& leaving,
                             const Authority& authority) {
  if (authority.administrator || leaving.type == MethodType::RecoveryCode) return Done{};
  const auto runtime = ports_.settings.settings();
  if (!runtime) return runtime.error();
  if (runtime->policy == LoginPolicy::None && !is_privileged(account)) return Done{};
  const auto methods = ports_.methods.methods_of(account.name);
  if (!methods) return methods.error();
  if (has_authenticator(*methods, account, leaving.id)) return Done{};
  return Error{ErrorCode::Conflict,
               "this is your last authenticator and logins need one; enroll another one first, or "
               "ask an administrator"};
}

Status Enrollment::count_change(const Account& account,
                                const Authority& authority,
                                const Instant& now) {
  if (authority.administrator || budget_.take(account.uid, now)) return Done{};
  return Error{ErrorCode::LimitExceeded,
               "your " + std::to_string(kChangesPerHour) +
                   " changes of this hour are made; wait, or ask an administrator"};
}

Status Enrollment::require_authenticator(const Account& account, const Authority& authority) {
  if (authority.administrator) return Done{};
  const auto methods = ports_.methods.methods_of(account.name);
  if (!methods) return methods.error();
  if (has_authenticator(*methods, account)) return Done{};
  return Error{
      ErrorCode::Conflict,
      "recovery codes stand in for an authenticator; enroll one first: twinlock enroll totp"};
}

Status Enrollment::require_factor(Factor factor) {
  const auto runtime = ports_.settings.settings();
  if (!runtime) return runtime.error();
  const auto& enabled = runtime->enabled;
  if (std::find(enabled.begin(), enabled.end(), factor) != enabled.end()) return Done{};
  const std::string name(factor_name(factor));
  return Error{ErrorCode::Conflict,
               "the factor " + name + " is switched off; an administrator switches it on with: " +
                   "twinlock admin factor enable " + name};
}

Result<AuthenticationMethod> Enrollment::own_method(const Account& account,
                                                    const MethodId& id,
                                                    const Authority& authority) {
  const auto methods = ports_.methods.methods_of(account.name);
  if (!methods) return methods.error();
  const auto found = std::find_if(
      methods->begin(), methods->end(), [&id](const auto& method) { return method.id == id; });
  if (found == methods->end()) return not_found();
  // What an earlier holder of the name enrolled isn't this user's (S37).
  if (!authority.administrator && found->owner.uid != account.uid) return not_found();
  return *found;
}

Result<OtpMethod> Enrollment::own_otp_method(const Account& account,
                                             const MethodId& id,
                                             const Authority& authority) {
  const auto own = own_method(account, id, authority);
  if (!own) return own.error();
  auto found = ports_.methods.otp_method(id);
  if (!found) return found.error();
  auto method = *std::move(found);
  if (!method) return not_found();
  return *std::move(method);
}

MethodId Enrollment::new_id(WallTime now) {
  std::array<std::uint8_t, 10> random{};
  ports_.random.fill(random);
  return make_ulid(now, random);
}

Status Enrollment::settled(const Result<Claim>& claim, const AuditEvent& event) {
  if (!claim) return claim.error();
  if (*claim == Claim::Lost) return not_found();
  ports_.audit.written(event);
  return Done{};
}

Result<NewOtp> Enrollment::enroll_otp(const Account& account,
                                      const OtpRequest& request,
                                      const Authority& authority) {
  if (const auto problem = problem_of(request)) return *problem;
  if (const auto on = require_factor(Factor::Otp); !on) return on.error();
  // Read before permit(): whatever is confirmed after that look is younger than this method.
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  if (const auto may = permit(account, authority, Change::Add); !may) return may.error();
  if (const auto counted = count_change(account, authority, *now); !counted) return counted.error();

  const auto issuer = this->issuer();
  if (!issuer) return issuer.error();

  Secret seed(seed_size(request.parameters.algorithm));
  ports_.random.fill(seed.bytes());
  const MethodId id = new_id(now->wall);
  const std::string name = request.name.empty()
                               ? (request.type == MethodType::Totp ? "Authenticator app" : "Token")
                               : request.name;
  OtpMethod method{{id, account, request.type, name, now->wall, std::nullopt, std::nullopt, false},
                   {id, request.type, request.parameters, seed.copy(), -1, 0}};
  const auto event =
      event_for(AuditEventType::EnrollmentStarted, account, method.method, authority, now->wall);
  const auto added =
      ports_.methods.add_otp_method(method, {kOtpMethodsPerUser, kUnconfirmedPerUser}, event);
  if (!added) return added.error();
  if (*added == Addition::TooMany) {
    return Error{ErrorCode::LimitExceeded,
                 "the account has as many authenticators as it may have; remove one first"};
  }
  ports_.audit.written(event);
  const OtpParameters& parameters = request.parameters;
  std::string uri = otpauth_uri({method_type_name(request.type),
                                 *issuer,
                                 account.name,
                                 seed.bytes(),
                                 hash_algorithm_name(parameters.algorithm),
                                 parameters.digits,
                                 static_cast<int>(parameters.period.count()),
                                 kFirstCounter});
  return NewOtp{id, std::move(seed), std::move(uri)};
}

Result<std::string> Enrollment::issuer() {
  const auto tenant = ports_.settings.setting_group(SettingGroup::Tenant);
  if (!tenant) return tenant.error();
  auto name = printable(text_in(tenant->fields, "friendly_name"), kLongestIssuer);
  std::erase(name, ':');  // ends the issuer in a label
  return name.empty() ? issuer_ : name;
}

Result<Confirmation> Enrollment::confirm_otp(const Account& account,
                                             const MethodId& id,
                                             const Secret& code,
                                             const Authority& authority) {
  const auto method = own_otp_method(account, id, authority);
  if (!method) return method.error();
  if (method->method.confirmed) {
    return Error{ErrorCode::Conflict, "the authentication method is confirmed already"};
  }
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  if (now->wall - method->method.created >= kUnconfirmedLifetime) return not_found();
  if (!authority.administrator) {
    const auto may = permit_confirmation(account, method->method);
    if (!may) return may.error();
  }
  if (const auto counted = count_change(account, authority, *now); !counted) return counted.error();

  const ParsedAnswer parsed = parse_answer(code);
  const OtpMatch match = match_now(method->credential, parsed.text.text(), now->wall);
  if (match.kind != OtpMatch::Kind::Fresh) return Confirmation::WrongCode;
  const auto event =
      event_for(AuditEventType::MethodEnrolled, account, method->method, authority, now->wall);
  const auto claim = ports_.methods.confirm_otp_method(id, match.factor, now->wall, event);
  if (const auto done = settled(claim, event); !done) return done.error();
  return Confirmation::Confirmed;
}

Result<Confirmation> Enrollment::resynchronize(const Account& account,
                                               const MethodId& id,
                                               const Secret& first,
                                               const Secret& second,
                                               const Authority& authority) {
  if (!authority.administrator) {
    return Error{ErrorCode::Forbidden, "an administrator resynchronizes an authenticator"};
  }
  const auto method = own_otp_method(account, id, authority);
  if (!method) return method.error();
  const auto now = ports_.clock.now();
  if (!now) return now.error();

  const ParsedAnswer one = parse_answer(first);
  const ParsedAnswer two = parse_answer(second);
  const OtpCredential& credential = method->credential;
  std::optional<TotpSynchronization> found;
  if (credential.type == MethodType::Hotp) {
    const auto counter =
        resynchronize_hotp(credential, one.text.text(), two.text.text(), kHotpResynchronize);
    if (counter) found = TotpSynchronization{0, *counter};
  } else {
    found = resynchronize_totp(
        credential, one.text.text(), two.text.text(), now->wall, kTotpResynchronize);
  }
  if (!found) return Confirmation::WrongCode;
  auto event = event_for(
      AuditEventType::MethodResynchronized, account, method->method, authority, now->wall);
  event.detail = "offset " + std::to_string(found->offset);
  const auto claim = ports_.methods.resynchronize(id, found->offset, found->used, event);
  if (const auto done = settled(claim, event); !done) return done.error();
  return Confirmation::Confirmed;
}

Status Enrollment::rename(const Account& account,
                          const MethodId& id,
                          std::string_view name,
                          const Authority& authority) {
  if (name.empty() || name != printable(name, kMethodNameBytes)) {
    return Error{ErrorCode::InvalidInput,
                 "the name has to be UTF-8 text of 1 to " + std::to_string(kMethodNameBytes) +
                     " bytes without control characters"};
  }
  const auto method = own_method(account, id, authority);
  if (!method) return method.error();
  if (method->name == name) return Done{};  // nothing changes, and nothing is written about it
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  if (const auto counted = count_change(account, authority, *now); !counted) return counted.error();
  const auto event =
      event_for(AuditEventType::MethodRenamed, account, *method, authority, now->wall);
  return settled(ports_.methods.rename_method(id, name, event), event);
}

Status Enrollment::remove(const Account& account, const MethodId& id, const Authority& authority) {
  const auto method = own_method(account, id, authority);
  if (!method) return method.error();
  // What never counted may go without a proof: giving up an enrollment half way leaves nothing.
  if (method->confirmed) {
    if (const auto may = permit(account, authority, Change::TakeAway); !may) return may.error();
    if (const auto kept = keep_last(account, *method, authority); !kept) return kept.error();
  }
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  if (const auto counted = count_change(account, authority, *now); !counted) return counted.error();
  const auto event =
      event_for(AuditEventType::MethodRemoved, account, *method, authority, now->wall);
  return settled(ports_.methods.remove_method(id, event), event);
}

Result<std::vector<std::string>> Enrollment::make_recovery_codes(const Account& account,
                                                                 const Authority& authority) {
  // A new set ends the old one, so it takes away as well as adds.
  if (const auto may = permit(account, authority, Change::TakeAway); !may) return may.error();
  if (const auto has = require_authenticator(account, authority); !has) return has.error();
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  if (const auto counted = count_change(account, authority, *now); !counted) return counted.error();
  const MethodId id = new_id(now->wall);
  std::vector<std::string> shown;
  std::vector<KeyedDigest> digests;
  for (int i = 0; i < kRecoveryCodes; ++i) {
    std::array<std::uint8_t, kRecoveryCodeBytes> random{};
    ports_.random.fill(random);
    const Secret code = make_recovery_code(random);
    wipe(random);
    const auto digest = ports_.keys.digest("recovery-code", recovery_code_input(id, code).bytes());
    if (!digest) return digest.error();
    digests.push_back(*digest);
    shown.push_back(grouped(code));
  }
  const AuthenticationMethod method{
      id, account, MethodType::RecoveryCode, "Recovery codes", now->wall, now->wall, {}, false};
  const auto event =
      event_for(AuditEventType::RecoveryCodesMade, account, method, authority, now->wall);
  const auto stored = ports_.methods.replace_recovery_codes(method, digests, event);
  if (!stored) return stored.error();
  ports_.audit.written(event);
  return shown;
}

}  // namespace twinlock
