// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_TICKET_STORE_H
#define TWINLOCK_DAEMON_PORTS_TICKET_STORE_H

#include <optional>

#include "common/result.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/ticket.h"
#include "daemon/ports/claim.h"

namespace twinlock {

// The promises of store.h hold. Writes are durable. Tickets of a user end when a method of the
// user's comes to count or goes, and when its record changes (S76).
class TicketStore {
 public:
  virtual ~TicketStore() = default;

  virtual Status add_ticket(const Ticket& ticket, const AuditEvent& event) = 0;
  // Redeemed and expired ones too, until housekeeping.
  virtual Result<std::optional<Ticket>> ticket(const TicketDigest& digest) = 0;
  // One write: of all who try, one wins, before the ticket expires (S75).
  virtual Result<Claim> redeem_ticket(const TicketDigest& digest,
                                      WallTime now,
                                      const AuditEvent& event) = 0;
};

}  // namespace twinlock

#endif
