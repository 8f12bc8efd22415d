// SPDX-License-Identifier: MIT
//
// twinlock rename: gives an authentication method another name.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/text.h"

namespace twinlock::client {

CommandResult rename(Session& session, const RenameOptions& options) {
  const auto account = session.daemon.account(options.user);
  const auto methods = account->methods();
  if (!methods) return methods.error();
  const bool is_so_already =
      std::any_of(methods->begin(), methods->end(), [&options](const Method& method) {
        return method.id == options.id && method.name == options.name;
      });
  if (!is_so_already) {
    const auto renamed = account->rename(options.id, options.name);
    if (!renamed) return renamed.error();
  }

  session.output.json({{"id", options.id}, {"name", options.name}});
  session.output.text(is_so_already ? label(options.id) + " has that name already.\n"
                                    : "Renamed " + label(options.id) + ".\n");
  return ExitStatus::Done;
}

}  // namespace twinlock::client
