// SPDX-License-Identifier: MIT
#include "tests/fakes/memory_store.h"

namespace twinlock {

void MemoryStore::end_tickets(std::string_view name) {
  std::erase_if(tickets_, [name](const auto& entry) { return entry.second.owner.name == name; });
}

Status MemoryStore::add_ticket(const Ticket& ticket, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (!tickets_.try_emplace(ticket.digest, ticket).second) {
    return Error{ErrorCode::Conflict, "ticket taken"};
  }
  record(event);
  return Done{};
}

Result<std::optional<Ticket>> MemoryStore::ticket(const TicketDigest& digest) {
  const std::scoped_lock lock(mutex_);
  const auto found = tickets_.find(digest);
  if (found == tickets_.end()) return std::optional<Ticket>();
  return std::optional(found->second);
}

Result<Claim> MemoryStore::redeem_ticket(const TicketDigest& digest,
                                         WallTime now,
                                         const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = tickets_.find(digest);
  if (found == tickets_.end() || found->second.redeemed || found->second.expires <= now) {
    return Claim::Lost;
  }
  found->second.redeemed = now;
  record(event);
  return Claim::Won;
}

}  // namespace twinlock
