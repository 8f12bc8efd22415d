// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_JUDGEMENT_H
#define TWINLOCK_DAEMON_DOMAIN_JUDGEMENT_H

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/domain/answer_parser.h"
#include "daemon/domain/conversation_engine.h"

namespace twinlock {

// One answer to one conversation, from the moment that it is read to its decision:
//
//   admit    is this budget open, or on hold?
//   count    the attempt, durably for a crash, as the failure that it will be if we stop here (S88)
//   look     compare the code
//   grant    use it up, put the attempt back, write the audit record: one write, or none of it
//   (S87)
//
// Lives for one call, on one thread.
class Judgement {
 public:
  Judgement(const LoginPorts& ports,
            const LoginSettings& settings,
            Docket docket,
            const Nonce& nonce,
            Instant now);

  [[nodiscard]] Step of(const ParsedAnswer& answer);

 private:
  // The budget that an attempt draws on, as it stands.
  struct Admission {
    AttemptChange budget;        // `next` is the present state until the attempt is counted
    Reason held = Reason::None;  // set: nothing is looked at
    bool narrow = false;         // only the current step counts
  };

  Step short_code(std::string_view code);
  Step recovery_code(const Secret& code);
  Result<Admission> admit_short_code();
  Result<Admission> admit_short_code_on_hold(const Attempts& attempts);
  Result<Admission> admit_recovery_code();
  Result<Attempts> attempts(Budget budget);
  // The budget beside the common one that this conversation may draw on, if it has one.
  Result<std::optional<AttemptChange>> allowance();
  Result<std::optional<PlaceDigest>> known_place();
  [[nodiscard]] bool is_clock_behind() const;

  // Why somebody has nothing that could satisfy: never enrolled, or somebody else by that name did.
  Result<Reason> reason_for_none();

  // Runs `admit` and counts until nobody else counted in between. Returns nothing if the answer may
  // be looked at; otherwise the step that ends the judgement.
  std::optional<Step> count(Result<Admission> (Judgement::*admit)());
  Step grant(std::variant<OtpUse, RecoveryCodeUse> use, MethodType type, const MethodId& method);
  Result<std::vector<AttemptChange>> attempts_after_success(bool look_again);
  Step granted(const Grant& grant);

  // The conversation with this answer given and not accepted.
  [[nodiscard]] Conversation failed(Reason reason) const;
  // For an answer that no budget counts.
  Step uncounted(Reason reason);
  [[nodiscard]] int row_after_success(const Attempts& row) const;
  [[nodiscard]] std::optional<AuditEventType> alert_due() const;
  // Writes down a failure that is in the store already.
  Step failure(Reason reason);
  Step conflict();
  Step unavailable(Reason reason, const Error& cause);

  const LoginPorts& ports_;
  const LoginSettings& settings_;
  Conversation conversation_;  // as stored before this answer
  std::optional<Standing> standing_;
  Nonce nonce_;
  Instant now_;
  bool has_looked_ = false;  // at the attempts of `standing_`
  Admission admission_;
};

}  // namespace twinlock

#endif
