// SPDX-License-Identifier: MIT
#include "daemon/domain/judgement.h"

#include <algorithm>
#include <utility>

#include "daemon/domain/lockout.h"
#include "daemon/domain/otp_verifier.h"
#include "daemon/domain/recovery_code.h"
#include "daemon/domain/source_digest.h"
#include "daemon/domain/wording.h"

namespace twinlock {
namespace {

// So often may others count in the same budget between our look and our write before we give up.
constexpr int kRaces = 32;
constexpr int kFewRecoveryCodes = 2;  // S106

// No store leaves out what it promises; if one did, nobody is let in for it.
const Error kNoStanding{ErrorCode::Internal, "the store said nothing of the account"};

AuditEventType granted_event(Purpose purpose) {
  switch (purpose) {
    case Purpose::Login:
      return AuditEventType::LoginGranted;
    case Purpose::Test:
      return AuditEventType::TestGranted;
    case Purpose::Proof:
      return AuditEventType::ProofGranted;
  }
  return AuditEventType::LoginGranted;
}

bool is_enabled(const RuntimeSettings& settings, Factor factor) {
  return std::find(settings.enabled.begin(), settings.enabled.end(), factor) !=
         settings.enabled.end();
}

int answers_allowed(Purpose purpose) {
  return purpose == Purpose::Test ? kAnswersPerTest : kAnswersPerConversation;
}

}  // namespace

Judgement::Judgement(const LoginPorts& ports,
                     const LoginSettings& settings,
                     Docket docket,
                     const Nonce& nonce,
                     Instant now)
    : ports_(ports),
      settings_(settings),
      conversation_(std::move(docket.conversation)),
      standing_(std::move(docket.standing)),
      nonce_(nonce),
      now_(now) {}

Step Judgement::of(const ParsedAnswer& answer) {
  if (standing_ && standing_->blocked) return uncounted(Reason::UserBlocked);
  switch (answer.form) {
    case ParsedAnswer::Form::ShortCode:
      return short_code(answer.text.text());
    case ParsedAnswer::Form::RecoveryCode:
      return recovery_code(answer.text);
    case ParsedAnswer::Form::Unknown:
      break;
  }
  return uncounted(Reason::NotACode);
}

Step Judgement::short_code(std::string_view code) {
  const OtpWindow usual{settings_.totp_window, kHotpLookAhead};
  if (!conversation_.account) {
    pretend_to_find_otp(code, now_.wall, usual);
    const auto nothing = ports_.methods.methods_of("");  // as for whoever has none
    return nothing ? uncounted(Reason::UnknownAccount)
                   : unavailable(Reason::StoreUnavailable, nothing.error());
  }
  if (!standing_) return unavailable(Reason::Internal, kNoStanding);
  auto& mine = standing_->otp;
  if (!mine.empty() && is_clock_behind()) {
    std::erase_if(mine, [](const OtpCredential& c) { return c.type == MethodType::Totp; });
    if (mine.empty()) {
      return unavailable(Reason::ClockBehind, {ErrorCode::Unavailable, "the clock was set back"});
    }
  }
  if (!is_enabled(standing_->settings, Factor::Otp) || mine.empty()) {
    pretend_to_find_otp(code, now_.wall, usual);
    if (!mine.empty()) return uncounted(Reason::FactorDisabled);
    const auto reason = reason_for_none();
    return reason ? uncounted(*reason) : unavailable(Reason::StoreUnavailable, reason.error());
  }
  if (auto ended = count(&Judgement::admit_short_code)) return std::move(*ended);

  const OtpWindow window{admission_.narrow ? 0 : usual.totp, usual.hotp};
  const OtpFinding finding = find_otp(mine, code, now_.wall, window);
  switch (finding.kind) {
    case OtpMatch::Kind::None:
      return failure(Reason::WrongCode);
    case OtpMatch::Kind::Spent:
      return failure(Reason::CodeAlreadyUsed);
    case OtpMatch::Kind::Fresh:
      break;
  }
  const auto& credential = *finding.credential;
  return grant(OtpUse{credential.id, finding.factor}, credential.type, credential.id);
}

Step Judgement::recovery_code(const Secret& code) {
  if (!conversation_.account) return uncounted(Reason::UnknownAccount);
  if (!standing_) return unavailable(Reason::Internal, kNoStanding);
  const auto& set = standing_->recovery;
  if (!set) {
    const auto reason = reason_for_none();
    return reason ? uncounted(*reason) : unavailable(Reason::StoreUnavailable, reason.error());
  }
  if (auto ended = count(&Judgement::admit_recovery_code)) return std::move(*ended);

  const Secret input = recovery_code_input(set->method, code);
  const auto digest = ports_.keys.digest_with(set->key, "recovery-code", input.bytes());
  if (!digest) return unavailable(Reason::KeyUnavailable, digest.error());
  return grant(RecoveryCodeUse{set->method, *digest}, MethodType::RecoveryCode, set->method);
}

// Whether TOTP can't be trusted: the clock was ahead of where it stands (S90).
bool Judgement::is_clock_behind() const {
  const auto& latest = standing_->latest_time;
  return latest && now_.wall < *latest - kClockTolerance;
}

Result<Reason> Judgement::reason_for_none() {
  const auto methods = ports_.methods.methods_of(conversation_.account->name);
  if (!methods) return methods.error();
  const bool foreign = std::any_of(methods->begin(), methods->end(), [this](const auto& method) {
    return method.owner.uid != conversation_.account->uid;
  });
  return foreign ? Reason::ForeignUid : Reason::NotEnrolled;  // S37
}

// As the docket had them; once others have counted in between, as they are now.
Result<Attempts> Judgement::attempts(Budget budget) {
  if (!has_looked_) {
    has_looked_ = true;
    return std::move(standing_->attempts);
  }
  return ports_.verifiers.attempts(*conversation_.account, budget, {});
}

Result<Judgement::Admission> Judgement::admit_short_code() {
  auto present = attempts(Budget::ShortCode);
  if (!present) return present.error();
  if (is_disabled(Budget::ShortCode, *present)) {
    return Admission{{Budget::ShortCode, {}, *std::move(present)}, Reason::ShortCodesDisabled};
  }
  // Ten wrong codes in a row: from here on a guess has one step to hit, not three, whatever
  // allowance it draws on.
  const bool narrow = present->consecutive >= kNarrowWindowFailures;
  // A test follows no password: programs of the user's must not add up to what disables its codes.
  if (narrow && conversation_.purpose != Purpose::Login) {
    return Admission{{Budget::ShortCode, {}, *std::move(present)}, Reason::OnHold};
  }
  if (!hold_until(Budget::ShortCode, *present, now_.wall)) {
    return Admission{{Budget::ShortCode, {}, *std::move(present)}, Reason::None, narrow};
  }
  auto admission = admit_short_code_on_hold(*present);
  if (!admission) return admission;
  Admission admitted = *std::move(admission);
  admitted.narrow = narrow;
  return admitted;
}

Result<Judgement::Admission> Judgement::admit_short_code_on_hold(const Attempts& attempts) {
  auto budget = allowance();
  if (!budget) return budget.error();
  if (!*budget) return Admission{{Budget::ShortCode, {}, attempts}, Reason::OnHold};
  const bool held = hold_until((*budget)->budget, (*budget)->next, now_.wall).has_value();
  return Admission{**std::move(budget), held ? Reason::OnHold : Reason::None};
}

// A hold that somebody elsewhere has caused doesn't lock the user out of a known place, of the
// machine's own console, or of sudo in a session that is open: these have budgets of their own.
Result<std::optional<AttemptChange>> Judgement::allowance() {
  AttemptChange own{Budget::Place, {}, {}};
  switch (conversation_.vantage) {
    case Vantage::Console:
      own.budget = Budget::Console;
      break;
    case Vantage::OwnSession:
      own.budget = Budget::Session;
      break;
    case Vantage::Elsewhere: {
      const auto known = known_place();
      if (!known) return known.error();
      if (!*known) return std::optional<AttemptChange>();
      own.place = **known;
      break;
    }
  }
  auto attempts = ports_.verifiers.attempts(*conversation_.account, own.budget, own.place);
  if (!attempts) return attempts.error();
  own.next = *std::move(attempts);
  return std::optional(std::move(own));
}

Result<Judgement::Admission> Judgement::admit_recovery_code() {
  auto present = attempts(Budget::RecoveryCode);
  if (!present) return present.error();
  const bool held = hold_until(Budget::RecoveryCode, *present, now_.wall).has_value();
  return Admission{{Budget::RecoveryCode, {}, *std::move(present)},
                   held ? Reason::OnHold : Reason::None};
}

// The known place that this conversation comes from, if it does. Its source is looked for under
// every key of the ring: places were digested under the key that was current then.
Result<std::optional<PlaceDigest>> Judgement::known_place() {
  std::vector<PlaceDigest> digests;
  for (const KeyId key : ports_.keys.keys()) {
    const auto digest = source_digest(ports_.keys, key, conversation_.source);
    if (!digest) return digest.error();
    if (*digest) digests.push_back(**digest);
  }
  return ports_.verifiers.known_place(
      *conversation_.account, digests, now_.wall - kKnownPlaceLifetime);
}

std::optional<Step> Judgement::count(Result<Admission> (Judgement::*admit)()) {
  for (int race = 0; race < kRaces; ++race) {
    auto admission = (this->*admit)();
    if (!admission) return unavailable(Reason::StoreUnavailable, admission.error());
    admission_ = *std::move(admission);
    if (admission_.held != Reason::None) return uncounted(admission_.held);

    AttemptChange change = admission_.budget;
    change.next = with_failure(std::move(change.next), now_.wall);
    const auto claim = ports_.verifiers.count_attempt(
        failed(Reason::WrongCode), conversation_.nonce, *conversation_.account, change);
    if (!claim) return unavailable(Reason::StoreUnavailable, claim.error());
    switch (*claim) {
      case AttemptClaim::Counted:
        ++change.next.version;  // what the store has now
        admission_.budget = std::move(change);
        return std::nullopt;
      case AttemptClaim::ConversationMoved:
        return conflict();
      case AttemptClaim::AttemptsMoved:
        break;
    }
  }
  return unavailable(Reason::StoreUnavailable,
                     {ErrorCode::Conflict, "too many attempts at the same moment"});
}

// The user's row of wrong short codes after a success that drew on another budget. A
// recovery code enables what a hundred of them have disabled. A code from a known place, the
// console or an open session shows that the user is there: somebody else's guessing never adds up
// to a hundred then.
// What is on hold stays so.
int Judgement::row_after_success(const Attempts& row) const {
  if (admission_.budget.budget == Budget::RecoveryCode) {
    return is_disabled(Budget::ShortCode, row) ? 0 : row.consecutive;
  }
  return std::min(row.consecutive, kNarrowWindowFailures);
}

Result<std::vector<AttemptChange>> Judgement::attempts_after_success(bool look_again) {
  AttemptChange change = admission_.budget;
  if (look_again) {
    auto present = ports_.verifiers.attempts(*conversation_.account, change.budget, change.place);
    if (!present) return present.error();
    change.next = *std::move(present);
  }
  change.next = with_success(std::move(change.next), now_.wall);
  std::vector<AttemptChange> changes{std::move(change)};
  if (admission_.budget.budget != Budget::ShortCode) {
    auto row = ports_.verifiers.attempts(*conversation_.account, Budget::ShortCode, {});
    if (!row) return row.error();
    const int shortened = row_after_success(*row);
    if (shortened != row->consecutive) {
      Attempts next = *std::move(row);
      next.consecutive = shortened;
      changes.push_back({Budget::ShortCode, {}, std::move(next)});
    }
  }
  return changes;
}

Step Judgement::grant(std::variant<OtpUse, RecoveryCodeUse> use,
                      MethodType type,
                      const MethodId& method) {
  Grant grant{failed(Reason::RightCode), nonce_, use, {}, std::nullopt, {}};
  grant.conversation.phase = Phase::Granted;
  grant.conversation.satisfied_by = type;
  grant.event = ports_.audit.event_of(
      conversation_, granted_event(conversation_.purpose), Reason::RightCode, now_.wall);
  grant.event.method_type = type;
  grant.event.method_id = method;
  if (conversation_.purpose == Purpose::Login) {
    const auto place = source_digest(ports_.keys, std::nullopt, conversation_.source);
    if (!place) return unavailable(Reason::KeyUnavailable, place.error());
    grant.place = *place;
  }
  for (int race = 0; race < kRaces; ++race) {
    auto attempts = attempts_after_success(race > 0);
    if (!attempts) return unavailable(Reason::StoreUnavailable, attempts.error());
    grant.attempts = *std::move(attempts);
    const auto outcome = ports_.verifiers.grant(grant);
    if (!outcome) return unavailable(Reason::StoreUnavailable, outcome.error());
    switch (*outcome) {
      case GrantOutcome::Granted:
        return granted(grant);
      case GrantOutcome::Spent:
        // A recovery code that was used and one that never was can't be told apart: both are gone.
        return failure(type == MethodType::RecoveryCode ? Reason::WrongCode
                                                        : Reason::CodeAlreadyUsed);
      case GrantOutcome::ConversationMoved:
        return conflict();
      case GrantOutcome::AttemptsMoved:
        break;
    }
  }
  return unavailable(Reason::StoreUnavailable,
                     {ErrorCode::Conflict, "too many attempts at the same moment"});
}

Step Judgement::granted(const Grant& grant) {
  ports_.audit.written(grant.event);
  Step step = step_of(grant.conversation);
  if (grant.conversation.satisfied_by == MethodType::RecoveryCode) {
    // Only a remark: that it can't be made is no reason to take the grant back.
    const auto set = ports_.verifiers.recovery_set(*conversation_.account);
    const int left = set && *set ? (*set)->left : 0;
    if (set && left <= kFewRecoveryCodes) step.messages.push_back(recovery_codes_left(left));
  }
  return step;
}

Conversation Judgement::failed(Reason reason) const {
  Conversation next = conversation_;
  next.nonce = nonce_;
  next.touched = now_;
  ++next.answers;
  next.reason = reason;
  if (next.answers >= answers_allowed(conversation_.purpose)) {
    const bool held = reason == Reason::OnHold || reason == Reason::ShortCodesDisabled;
    next.phase = held ? Phase::Denied : Phase::Exhausted;  // S03: PAM_AUTH_ERR, PAM_MAXTRIES
  }
  return next;
}

Step Judgement::uncounted(Reason reason) {
  const auto moved = ports_.conversations.advance_conversation(failed(reason), conversation_.nonce);
  if (!moved) return unavailable(Reason::StoreUnavailable, moved.error());
  if (*moved == Claim::Lost) return conflict();
  return failure(reason);
}

// Whether the attempt that was just counted is one that somebody should look at (S129).
std::optional<AuditEventType> Judgement::alert_due() const {
  if (admission_.held != Reason::None) return std::nullopt;
  const int in_a_row = admission_.budget.next.consecutive;
  if (admission_.budget.budget == Budget::ShortCode && in_a_row == kDisablingFailures) {
    return AuditEventType::ShortCodesDisabled;
  }
  if (admission_.budget.budget == Budget::RecoveryCode && in_a_row == kRecoveryAlertFailures) {
    return AuditEventType::RecoveryCodesGuessed;
  }
  return std::nullopt;
}

Step Judgement::failure(Reason reason) {
  const auto event =
      ports_.audit.event_of(conversation_, AuditEventType::LoginDenied, reason, now_.wall);
  if (const auto written = ports_.audit.write(event); !written) {
    return unavailable(Reason::StoreUnavailable, written.error());
  }
  if (const auto alert = alert_due()) {
    const auto raised = ports_.audit.event_of(conversation_, *alert, Reason::WrongCode, now_.wall);
    if (const auto written = ports_.audit.write(raised); !written) {
      return unavailable(Reason::StoreUnavailable, written.error());
    }
  }
  return step_of(failed(reason));
}

// Another call has answered this conversation, so that what was typed belongs to no prompt of it.
Step Judgement::conflict() {
  Conversation lost = failed(Reason::NonceMismatch);
  lost.phase = Phase::Denied;
  return step_of(lost);
}

Step Judgement::unavailable(Reason reason, const Error& cause) {
  ports_.audit.problem(reason == Reason::ClockBehind ? Severity::Alert : Severity::Warning,
                       reason_name(reason),
                       cause.detail);
  auto event = ports_.audit.event_of(conversation_, AuditEventType::LoginDenied, reason, now_.wall);
  if (const auto written = ports_.audit.write(event); !written) {
    ports_.audit.problem(Severity::Warning, "audit", written.error().detail);
  }
  Conversation stopped = failed(reason);
  stopped.phase = Phase::Unavailable;
  return step_of(stopped);
}

}  // namespace twinlock
