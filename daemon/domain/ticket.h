// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_TICKET_H
#define TWINLOCK_DAEMON_DOMAIN_TICKET_H

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/domain/account.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/factor.h"
#include "daemon/domain/instant.h"

namespace twinlock {

inline constexpr std::size_t kTicketBytes = 32;

// SHA-256 of a ticket as its holder has it: all that is kept of it (S75, S115).
using TicketDigest = std::array<std::uint8_t, 32>;
[[nodiscard]] TicketDigest ticket_digest(std::string_view ticket);

// The right to enroll, once, without a login: whoever has the link has it.
struct Ticket {
  TicketDigest digest{};
  Account owner;                 // for whom
  std::optional<Factor> factor;  // this one alone; nothing: the holder's choice
  std::string issuer;
  WallTime created;
  WallTime expires;
  bool allow_multiple = false;  // though the user has a confirmed method (S74)
  std::string locale;           // of the messages about it; empty if nobody said
  std::optional<WallTime> redeemed;
};

}  // namespace twinlock

#endif
