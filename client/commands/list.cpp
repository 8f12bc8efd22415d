// SPDX-License-Identifier: MIT
//
// twinlock list: the account's authentication methods.
#include "client/commands/commands.h"
#include "client/commands/views.h"

namespace twinlock::client {

CommandResult list(Session& session, const ListOptions& options) {
  const auto methods = session.daemon.account(options.user)->methods();
  if (!methods) return methods.error();

  session.output.json(methods_as_json(*methods));
  if (methods->empty()) {
    session.output.note("No authentication methods. To enroll one: twinlock enroll totp");
  } else {
    session.output.text(methods_as_table(*methods, session.terminal.columns()));
  }
  return ExitStatus::Done;
}

}  // namespace twinlock::client
