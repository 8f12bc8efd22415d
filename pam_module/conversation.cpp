// SPDX-License-Identifier: MIT
#include "pam_module/conversation.h"

#include <security/pam_appl.h>

#include <chrono>

#include "pam_module/reply.h"

namespace twinlock::pam {
namespace {

using namespace std::chrono_literals;

constexpr unsigned int kFailDelay = 2'000'000;  // µs; libpam varies it by half (S24)
constexpr auto kBetweenPolls = 500ms;           // of a wait step: two polls a second are plenty

int pam_code(wire::StepKind decision) {
  switch (decision) {
    case wire::StepKind::Granted:
      return PAM_SUCCESS;  // the only place (S01)
    case wire::StepKind::Exempt:
      return PAM_IGNORE;  // S02: never success, which `sufficient` would take for the password
    case wire::StepKind::Denied:
      return PAM_AUTH_ERR;
    case wire::StepKind::Exhausted:
      return PAM_MAXTRIES;
    case wire::StepKind::PromptHidden:
    case wire::StepKind::PromptVisible:
    case wire::StepKind::Assert:
    case wire::StepKind::Wait:
    case wire::StepKind::Unavailable:
      break;
  }
  return PAM_AUTHINFO_UNAVAIL;
}

}  // namespace

int Conversation::run() {
  const auto context = read_login_context(pamh_);
  if (!context) log_.notice("login refused", context.error().detail);
  const int code = context ? carry_on(*context) : PAM_AUTH_ERR;
  // Asked of libpam rather than slept here, so that all failures of the stack take the same time.
  if (code == PAM_AUTH_ERR || code == PAM_MAXTRIES) pam_fail_delay(pamh_, kFailDelay);
  return code;
}

int Conversation::carry_on(const LoginContext& context) {
  auto step = daemon_.begin(context);
  while (step) {
    if (user_.show(step->messages) == User::Told::No)
      return unasked("login refused: the program did not take a message for the user");

    Secret answer;  // of a wait step, empty
    switch (step->kind) {
      case wire::StepKind::PromptHidden:
      case wire::StepKind::PromptVisible:
        switch (user_.ask(*step, answer)) {
          case User::Response::Typed:
            break;
          case User::Response::None:
            return unasked("login refused: the program left the prompt unanswered");
          case User::Response::Replayed:
            return replayed();
        }
        break;
      case wire::StepKind::Wait:
        limits_.clock.pause(kBetweenPolls);
        break;
      case wire::StepKind::Assert:
        // Begin didn't announce kLocalAuthenticator, so the daemon should not have asked.
        daemon_.cancel();
        return no_decision({ErrorCode::Internal, "the daemon asks for a security key here"});
      case wire::StepKind::Granted:
      case wire::StepKind::Exempt:
      case wire::StepKind::Denied:
      case wire::StepKind::Exhausted:
      case wire::StepKind::Unavailable:
        return decide(context, *step);
    }
    if (limits_.clock.now() >= limits_.deadline) return expired();
    step = daemon_.answer(answer);
  }
  return no_decision(step.error());
}

int Conversation::decide(const LoginContext& context, const Step& step) {
  if (step.kind == wire::StepKind::Unavailable) {
    return no_decision({ErrorCode::Unavailable, "the daemon reached no decision: " + step.reason});
  }
  log_.debug("decided", step.reason);
  const bool welcome = wire::lets_in(step.kind);
  if (!step.text.empty()) {
    const auto kind = welcome ? wire::MessageKind::Information : wire::MessageKind::Error;
    const auto told = user_.show({{kind, step.text}});
    if (welcome && told == User::Told::No)
      return unasked("login refused: the program did not take a message for the user");
  }
  // Asked last of all: the conversation above is the program's code, and modules before us may
  // have kept a pointer (S13).
  if (welcome && current_user(pamh_) != context.user) {
    log_.error("login refused: PAM_USER changed while the second factor was checked");
    return PAM_AUTH_ERR;
  }
  return pam_code(step.kind);
}

int Conversation::unasked(const char* line) {
  daemon_.cancel();
  log_.notice(line);
  return PAM_CONV_ERR;
}

int Conversation::replayed() {
  daemon_.cancel();
  log_.notice(
      "login refused: the password came as the answer to the second factor's prompt; "
      "under sshd, is KbdInteractiveAuthentication off?");
  return PAM_AUTH_ERR;
}

// Without Cancel: that would be one more wait for a daemon that isn't there (S28).
int Conversation::no_decision(const Error& error) {
  log_.error("login refused: second factor unavailable", error.detail);
  static_cast<void>(user_.show({{wire::MessageKind::Error, kUnavailable}}));
  return PAM_AUTHINFO_UNAVAIL;
}

int Conversation::expired() {
  daemon_.cancel();
  log_.notice("login refused: it took longer than timeout= allows");
  static_cast<void>(user_.show({{wire::MessageKind::Error, "Second factor timed out."}}));
  return PAM_AUTH_ERR;
}

}  // namespace twinlock::pam
