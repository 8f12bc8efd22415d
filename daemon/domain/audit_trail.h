// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_AUDIT_TRAIL_H
#define TWINLOCK_DAEMON_DOMAIN_AUDIT_TRAIL_H

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/audit_event.h"
#include "daemon/domain/conversation.h"
#include "daemon/ports/event_log.h"
#include "daemon/ports/key_ring.h"
#include "daemon/ports/store.h"

namespace twinlock {

// Where decisions are written down: in the store, and beside it in the system's log. Any thread.
//
// Refusals that repeat (same kind, reason, user and source) are written twenty times a minute and
// then counted; the count is written with the first event of any kind after the minute. Alerts,
// grants and exemptions are always written (S128).
class AuditTrail {
 public:
  AuditTrail(AuditStore& store, KeyRing& keys, EventLog& log);

  // What the log calls a name that belongs to no account: it may be a password (S125).
  [[nodiscard]] Result<NameDigest> name_digest(std::string_view typed);

  // The event of a conversation, its fields filled in; of nobody's, with the name digest that its
  // subject begins with.
  [[nodiscard]] AuditEvent event_of(const Conversation& conversation,
                                    AuditEventType type,
                                    Reason reason,
                                    WallTime now);

  // Writes an event that stands for itself.
  [[nodiscard]] Status write(const AuditEvent& event);

  // For an event that the store has written together with a change.
  void written(const AuditEvent& event) { log_.record(event); }

  // Something that went wrong inside; for the system's log alone.
  void problem(Severity severity, std::string_view area, std::string_view text) {
    log_.problem(severity, area, text);
  }

 private:
  struct Flood {
    WallTime minute;
    int count = 0;
    AuditEvent last;
  };

  // Whether to write `event` itself.
  enum class Worth { Writing, Counting };
  Worth weigh(const AuditEvent& event);
  // Forgets the floods whose minute is over, or all of them if there are too many, and returns what
  // has to be told of them.
  std::vector<AuditEvent> settle(WallTime now);
  Status append(const AuditEvent& event);

  AuditStore& store_;
  KeyRing& keys_;
  EventLog& log_;
  std::mutex mutex_;  // guards floods_
  std::map<std::string, Flood> floods_;
};

}  // namespace twinlock

#endif
