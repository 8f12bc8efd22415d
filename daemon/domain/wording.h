// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_WORDING_H
#define TWINLOCK_DAEMON_DOMAIN_WORDING_H

#include "daemon/domain/conversation.h"
#include "daemon/domain/step.h"

namespace twinlock {

// The prompt of every user who has codes only. Its words never change between rounds: sshpass and
// OpenVPN match the first ones, and some clients hang on anything shorter.
inline constexpr const char* kCodePrompt = "Verification code: ";

// The step that a conversation in this state shows. The same for right and wrong codes while on
// hold, and for accounts that don't exist or have no authenticator (S25).
[[nodiscard]] Step step_of(const Conversation& conversation);

// A remark beside a granted login that used a recovery code, if few are left (S106).
[[nodiscard]] Message recovery_codes_left(int left);

}  // namespace twinlock

#endif
