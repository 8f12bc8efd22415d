// SPDX-License-Identifier: MIT
#include "daemon/domain/user_event.h"

#include "daemon/domain/user_id.h"

namespace twinlock {

AuditEvent user_event(AuditEventType type,
                      const Account& owner,
                      const Actor& actor,
                      WallTime when) {
  AuditEvent event{};
  event.time = when;
  event.type = type;
  event.user = owner.name;
  if (!is_record(owner)) event.uid = owner.uid;
  attribute(event, actor);
  return event;
}

}  // namespace twinlock
