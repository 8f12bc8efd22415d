// SPDX-License-Identifier: MIT
//
// twinlock rename: gives an authentication method another name.
#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/text.h"

namespace twinlock::client {

CommandResult rename(Session& session, const RenameOptions& options) {
  const auto renamed = session.daemon.account(options.user)->rename(options.id, options.name);
  if (!renamed) return renamed.error();

  session.output.json({{"id", options.id}, {"name", options.name}});
  session.output.text("Renamed " + label(options.id) + ".\n");
  return ExitStatus::Done;
}

}  // namespace twinlock::client
