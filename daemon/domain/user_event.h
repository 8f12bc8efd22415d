// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_USER_EVENT_H
#define TWINLOCK_DAEMON_DOMAIN_USER_EVENT_H

#include "daemon/domain/account.h"
#include "daemon/domain/audit_event.h"

namespace twinlock {

// What `actor` does to a user: an account, or a record, which has no uid.
[[nodiscard]] AuditEvent user_event(AuditEventType type,
                                    const Account& owner,
                                    const Actor& actor,
                                    WallTime when);

}  // namespace twinlock

#endif
