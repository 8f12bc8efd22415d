// SPDX-License-Identifier: MIT
//
// twinlock admin factor: which kinds of authenticator are offered and accepted.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/commands/views.h"
#include "client/table.h"
#include "client/text.h"

namespace twinlock::client {

CommandResult admin_factor_list(Session& session) {
  const auto factors = session.daemon.factors();
  if (!factors) return factors.error();

  auto array = nlohmann::json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& factor : *factors) {
    array.push_back({{"name", factor.name}, {"enabled", factor.enabled}});
    rows.push_back({label(factor.name), factor.enabled ? "enabled" : "disabled"});
  }
  session.output.json(array);
  session.output.text(table({{"FACTOR"}, {"STATE"}}, rows, session.terminal.columns()));
  return ExitStatus::Done;
}

CommandResult admin_factor_set(Session& session, const std::string& name, bool enabled) {
  const auto factors = session.daemon.factors();
  if (!factors) return factors.error();
  const bool is_so_already =
      std::any_of(factors->begin(), factors->end(), [&name, enabled](const auto& factor) {
        return factor.name == name && factor.enabled == enabled;
      });
  if (!is_so_already) {
    const auto set = session.daemon.set_factor(name, enabled);
    if (!set) return set.error();
  }

  session.output.json({{"name", name}, {"enabled", enabled}});
  session.output.text(label(name) + (enabled ? " is enabled" : " is disabled") +
                      (is_so_already ? " already.\n" : ".\n"));
  if (enabled && !is_accepted_by_logins(name)) {
    session.output.note("No login offers " + label(name) + " yet: it is kept for the API.");
  }
  // The way back in must not be lost to a switch: the factor governs what is offered.
  if (!enabled && name == "recovery-code") {
    session.output.text(
        "Codes that users have still let them in; \"admin user reset\" ends them.\n");
  }
  return ExitStatus::Done;
}

}  // namespace twinlock::client
