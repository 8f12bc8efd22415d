// SPDX-License-Identifier: MIT
//
// twinlock admin status: how the daemon is.
#include "client/commands/commands.h"
#include "client/commands/views.h"

namespace twinlock::client {
namespace {

// The newest audit record as a person notes it down, to compare with the log later.
nlohmann::json readable(nlohmann::json object) {
  const auto head = object.find("audit_head");
  if (head == object.end()) return object;
  if (head->is_null()) {
    *head = "no record yet";
  } else if (head->is_object() && head->contains("seq") && (*head)["mac"].is_string()) {
    *head = "record " + (*head)["seq"].dump() + ", MAC " + (*head)["mac"].get<std::string>();
  }
  return object;
}

}  // namespace

CommandResult admin_status(Session& session) {
  const auto text = session.daemon.daemon_status();
  if (!text) return text.error();
  const auto object = parsed_object(*text);
  if (!object) return object.error();

  session.output.json(*object);
  session.output.text(object_as_lines(
      readable(*object),
      {"version", "started", "store", "policy", "factors", "accounts", "audit_head"},
      session.terminal.columns()));
  return ExitStatus::Done;
}

}  // namespace twinlock::client
