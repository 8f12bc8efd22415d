// SPDX-License-Identifier: MIT
//
// twinlock remove: ends an authentication method.
#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/commands/views.h"
#include "client/conversation.h"
#include "client/text.h"

namespace twinlock::client {

CommandResult remove(Session& session, const RemoveOptions& options) {
  if (!options.user.empty()) {
    // One's own needs a code anyway, which is asked for and can be withheld.
    const auto given =
        consent(session,
                options.yes,
                "Remove method " + label(options.id) + " of " + label(options.user) + "?");
    if (!given) return given.error();
    if (*given == Consent::Withheld) return ExitStatus::Refused;
  }
  const auto account = session.daemon.account(options.user);
  Proof proof(session);
  const auto removed =
      proof.with_proof([&](const std::string& id) { return account->remove(id, options.id); });
  if (!removed) return removed.error();
  if (!*removed) return ExitStatus::Refused;

  session.output.json({{"removed", options.id}});
  session.output.text("Removed " + label(options.id) + ".\n");
  return ExitStatus::Done;
}

}  // namespace twinlock::client
