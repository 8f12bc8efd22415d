// SPDX-License-Identifier: MIT
//
// twinlock admin policy: whether logins need a second factor.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/commands/views.h"
#include "client/text.h"

namespace twinlock::client {
namespace {

// Everybody is asked then, and nobody can answer.
void warn_of_nothing_to_answer_with(Session& session) {
  const auto factors = session.daemon.factors();
  if (!factors || std::any_of(factors->begin(), factors->end(), [](const auto& factor) {
        return factor.enabled && is_accepted_by_logins(factor.name);
      })) {
    return;
  }
  session.output.note(
      "No factor is on, so that no code is accepted: twinlock admin factor enable otp");
}

}  // namespace

CommandResult admin_policy_show(Session& session) {
  const auto policy = session.daemon.policy();
  if (!policy) return policy.error();

  session.output.json({{"policy", *policy}});
  session.output.text(label(*policy) + '\n');
  return ExitStatus::Done;
}

CommandResult admin_policy_set(Session& session, const std::string& policy) {
  const auto before = session.daemon.policy();
  if (!before) return before.error();
  const bool is_so_already = *before == policy;
  if (!is_so_already) {
    const auto set = session.daemon.set_policy(policy);
    if (!set) return set.error();
  }

  session.output.json({{"policy", policy}});
  session.output.text(is_so_already ? "The policy is " + label(policy) + " already.\n"
                                    : "The policy is now " + label(policy) + ".\n");
  if (policy == "none") {
    session.output.note("Logins other than root's need no second factor.");
  } else {
    warn_of_nothing_to_answer_with(session);
  }
  return ExitStatus::Done;
}

}  // namespace twinlock::client
