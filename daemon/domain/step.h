// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_STEP_H
#define TWINLOCK_DAEMON_DOMAIN_STEP_H

#include <string>
#include <vector>

#include "common/login_wire.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/conversation.h"

namespace twinlock {

struct Message {
  wire::MessageKind kind;
  std::string text;
};

// What the front end is told to do next: show the messages, then ask or stop.
struct Step {
  Nonce nonce{};
  ConversationId conversation{};
  std::string user;  // as Begin spelled it; empty if there is no such account
  std::vector<Message> messages;
  wire::StepKind kind = wire::StepKind::Unavailable;
  std::string text;  // of a prompt, or one line for the user beside a decision
  Reason reason = Reason::None;
};

}  // namespace twinlock

#endif
