// SPDX-License-Identifier: MIT
//
// twinlock status: what a login of this account needs, and has.
#include "client/commands/commands.h"
#include "client/commands/views.h"

namespace twinlock::client {

CommandResult status(Session& session, const StatusOptions& options) {
  const auto text = session.daemon.account(options.user)->status();
  if (!text) return text.error();
  const auto object = parsed_object(*text);
  if (!object) return object.error();

  session.output.json(*object);
  session.output.text(object_as_lines(
      *object,
      {"account", "uid", "policy", "required", "enrolled", "factors", "recovery_codes_left"},
      session.terminal.columns()));
  return ExitStatus::Done;
}

}  // namespace twinlock::client
