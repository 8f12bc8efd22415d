// SPDX-License-Identifier: MIT
//
// twinlock test: tries an authenticator, with the question and the judgement of a login, and says
// why.
#include <array>
#include <string_view>

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
    case wire::StepKind::Exhausted:  // which a login tells apart, since it asks three times
      return "denied";
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

struct Advice {
  std::string_view reason;  // as docs/audit-log.md has them
  std::string_view text;
};

// Whoever tests is known to the bus as the account itself, so that the true reason tells nothing of
// anybody else; at a login it is for the log alone (S25, S126).
constexpr std::array kAdvice{
    Advice{"wrong-code",
           "It is none of your codes of now. Is it the entry of this account, and is the time of "
           "your phone right? A recovery code works once; a token that counts may have run ahead: "
           "twinlock admin user resync."},
    Advice{"code-already-used", "It is right, but was used before. Take the next one."},
    Advice{"on-hold",
           "It was not looked at: there were too many wrong codes lately. \"twinlock status\" says "
           "until when codes wait; a recovery code does not."},
    Advice{
        "short-codes-disabled",
        "It was not looked at: after a hundred wrong codes in a row, codes are off until you use "
        "a recovery code or an administrator enables them."},
    Advice{"not-enrolled",
           "You have enrolled nothing that it could belong to: twinlock enroll totp"},
    Advice{"foreign-uid",
           "What is enrolled under your name belongs to an earlier account of that name and does "
           "not count. An administrator can remove it."},
    Advice{"factor-disabled", "An administrator has switched this kind of code off."},
    Advice{"not-a-code",
           "It does not have the form of a code: digits from an app or token, or a whole recovery "
           "code."},
    Advice{"too-many-conversations", "You have begun too many within the hour. Try again later."},
};

void advise(Session& session, std::string_view reason) {
  for (const auto& advice : kAdvice) {
    if (advice.reason == reason) session.output.note(advice.text);
  }
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
  advise(session, decision.reason);
  if (!session.output.is_json()) remark_on_policy(session);
  return status_of(decision.kind);
}

}  // namespace twinlock::client
