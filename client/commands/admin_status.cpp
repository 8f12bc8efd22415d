// SPDX-License-Identifier: MIT
//
// twinlock admin status: how the daemon is.
#include "client/commands/commands.h"
#include "client/commands/views.h"

namespace twinlock::client {

CommandResult admin_status(Session& session) {
  const auto text = session.daemon.daemon_status();
  if (!text) return text.error();
  const auto object = parsed_object(*text);
  if (!object) return object.error();

  session.output.json(*object);
  session.output.text(
      object_as_lines(*object, {"version", "started", "store", "policy", "factors", "accounts"}));
  return ExitStatus::Done;
}

}  // namespace twinlock::client
