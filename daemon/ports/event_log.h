// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_EVENT_LOG_H
#define TWINLOCK_DAEMON_PORTS_EVENT_LOG_H

#include <string_view>

#include "daemon/domain/audit_event.h"

namespace twinlock {

// The system's log, beside the audit log in the store: what somebody watches. Never fails and
// never blocks a login (S132: loss of the journal blocks nothing). Any thread.
class EventLog {
 public:
  virtual ~EventLog() = default;
  // A copy of an audit record, once it is stored.
  virtual void record(const AuditEvent& event) = 0;
  // Something that went wrong inside: `area` is a word ("store", "directory"), `text` is bounded
  // and has no secret in it (S124).
  virtual void problem(Severity severity, std::string_view area, std::string_view text) = 0;
};

}  // namespace twinlock

#endif
