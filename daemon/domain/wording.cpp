// SPDX-License-Identifier: MIT
#include "daemon/domain/wording.h"

namespace twinlock {
namespace {

constexpr const char* kTryAgain = "That code was not accepted. Wait for a new one and try again.";
constexpr const char* kNotAccepted = "That code was not accepted.";

wire::StepKind kind_of(Phase phase) {
  switch (phase) {
    case Phase::Asking:
      return wire::StepKind::PromptHidden;
    case Phase::Granted:
      return wire::StepKind::Granted;
    case Phase::Exempt:
      return wire::StepKind::Exempt;
    case Phase::Denied:
      return wire::StepKind::Denied;
    case Phase::Exhausted:
      return wire::StepKind::Exhausted;
    case Phase::Unavailable:
      return wire::StepKind::Unavailable;
  }
  return wire::StepKind::Unavailable;
}

std::string line_for(const Conversation& conversation) {
  switch (conversation.phase) {
    case Phase::Asking:
      return kCodePrompt;
    case Phase::Granted:
    case Phase::Exempt:
      return "";
    case Phase::Denied:
    case Phase::Exhausted:
      return conversation.answers > 0 ? kNotAccepted : "";
    case Phase::Unavailable:
      return conversation.reason == Reason::ClockBehind
                 ? "This machine's clock is wrong. Log in with a recovery code."
                 : "Second factor unavailable.";
  }
  return "";
}

}  // namespace

Step step_of(const Conversation& conversation) {
  Step step;
  step.nonce = conversation.nonce;
  step.conversation = conversation.id;
  step.user = conversation.requested_user;
  step.kind = kind_of(conversation.phase);
  step.text = line_for(conversation);
  step.reason = conversation.reason;
  if (conversation.phase == Phase::Asking) {
    step.reason = Reason::None;
    if (conversation.answers > 0) step.messages.push_back({wire::MessageKind::Error, kTryAgain});
  }
  return step;
}

Message recovery_codes_left(int left) {
  const std::string number = left == 0 ? "No" : std::to_string(left);
  return {wire::MessageKind::Information,
          number + (left == 1 ? " recovery code is" : " recovery codes are") +
              " left. Make new ones with: twinlock recovery-codes"};
}

}  // namespace twinlock
