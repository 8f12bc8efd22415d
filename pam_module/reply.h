// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_REPLY_H
#define TWINLOCK_PAM_MODULE_REPLY_H

#include <array>
#include <cstdint>
#include <string>

#include "common/login_wire.h"
#include "common/result.h"
#include "pam_module/bus_message.h"
#include "pam_module/login_service.h"

namespace twinlock::pam {

// 128 random bits that name one call; the reply repeats them (S11, S41).
using Nonce = std::array<std::uint8_t, wire::kNonceSize>;

// What Begin and Answer return: a step, and what it claims to belong to.
struct Reply {
  Nonce nonce{};
  std::string conversation;
  std::string user;
  Step step;
};

// Takes a reply apart. Texts are filtered for the terminal (S21), messages that are too long are
// cut. Everything else that is not as common/dbus/org.twinlock.Login1.xml and login_wire.h have it
// is Internal: another signature, a nonce of another length, an unknown kind of step or message
// (S145), too many messages, a prompt or payload over its limit.
[[nodiscard]] Result<Reply> read_reply(const BusMessage& message);

}  // namespace twinlock::pam

#endif
