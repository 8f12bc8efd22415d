// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_ACTOR_H
#define TWINLOCK_DAEMON_HTTP_ACTOR_H

#include "daemon/domain/audit_event.h"
#include "daemon/http/message.h"

namespace twinlock::http {

// Who changes something, as the audit log has it (S126): "client <id>, token <8 hex digits>".
[[nodiscard]] std::string actor_name(const Caller& caller);
[[nodiscard]] Actor actor_of(const Request& request);

// The 403 for somebody who needs one of `scopes` and has none, in the words that the Auth0 CLI and
// Terraform read.
[[nodiscard]] Response insufficient_scope(const std::vector<std::string>& scopes);

}  // namespace twinlock::http

#endif
