// SPDX-License-Identifier: MIT
#include "common/login_wire.h"

namespace twinlock::wire {

std::optional<StepKind> step_kind(std::uint32_t number) {
  const auto kind = static_cast<StepKind>(number);
  switch (kind) {
    case StepKind::PromptHidden:
    case StepKind::PromptVisible:
    case StepKind::Assert:
    case StepKind::Wait:
    case StepKind::Granted:
    case StepKind::Exempt:
    case StepKind::Denied:
    case StepKind::Exhausted:
    case StepKind::Unavailable:
      return kind;
  }
  return std::nullopt;
}

bool asks(StepKind kind) {
  switch (kind) {
    case StepKind::PromptHidden:
    case StepKind::PromptVisible:
    case StepKind::Assert:
    case StepKind::Wait:
      return true;
    case StepKind::Granted:
    case StepKind::Exempt:
    case StepKind::Denied:
    case StepKind::Exhausted:
    case StepKind::Unavailable:
      break;
  }
  return false;
}

bool lets_in(StepKind kind) { return kind == StepKind::Granted || kind == StepKind::Exempt; }

std::optional<MessageKind> message_kind(std::uint32_t number) {
  const auto kind = static_cast<MessageKind>(number);
  switch (kind) {
    case MessageKind::Information:
    case MessageKind::Error:
      return kind;
  }
  return std::nullopt;
}

}  // namespace twinlock::wire
