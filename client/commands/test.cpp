// SPDX-License-Identifier: MIT
//
// twinlock test: tries an authenticator, with the question and the judgement of a login.
#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/commands/views.h"
#include "client/conversation.h"
#include "client/text.h"

namespace twinlock::client {
namespace {

using nlohmann::json;

std::string_view decision_word(wire::StepKind kind) {
  switch (kind) {
    case wire::StepKind::Granted:
      return "granted";
    case wire::StepKind::Exempt:
      return "exempt";
    case wire::StepKind::Denied:
      return "denied";
    case wire::StepKind::Exhausted:
      return "exhausted";
    case wire::StepKind::Unavailable:
      return "unavailable";
    case wire::StepKind::PromptHidden:
    case wire::StepKind::PromptVisible:
    case wire::StepKind::Assert:
    case wire::StepKind::Wait:
      break;
  }
  return "undecided";
}

ExitStatus status_of(wire::StepKind kind) {
  if (kind == wire::StepKind::Granted || kind == wire::StepKind::Exempt) return ExitStatus::Done;
  return kind == wire::StepKind::Unavailable ? ExitStatus::Unavailable : ExitStatus::Refused;
}

// The test asks for a code whatever the policy says: that is how one tries it before the policy is
// switched on. What is unknown is not said; the test is over and stands.
void remark_on_policy(Session& session) {
  const auto text = session.daemon.account("")->status();
  if (!text) return;
  const auto status = parsed_object(*text);
  if (!status || status->value("required", json()) != json(false)) return;
  session.output.text(
      "Logins need no second factor from you at present, unless a rule demands it.\n");
}

}  // namespace

CommandResult test(Session& session) {
  const auto step = converse(session, "test");
  if (!step) return step.error();
  if (!*step) {
    session.output.error("cancelled", "No answer; the test is off.");
    return ExitStatus::Refused;
  }
  const Step& decision = **step;
  const auto word = std::string(decision_word(decision.kind));
  session.output.json({{"decision", word}, {"reason", decision.reason}, {"text", decision.text}});
  if (!decision.text.empty()) session.output.note(label(decision.text));
  session.output.text(word + (decision.reason.empty() ? "" : ": " + label(decision.reason)) + '\n');
  if (!session.output.is_json()) remark_on_policy(session);
  return status_of(decision.kind);
}

}  // namespace twinlock::client
