// SPDX-License-Identifier: MIT
#include "daemon/domain/ticket.h"

#include <openssl/sha.h>

#include "common/encoding.h"

namespace twinlock {

TicketDigest ticket_digest(std::string_view ticket) {
  TicketDigest digest{};
  const auto bytes = bytes_of(ticket);
  SHA256(bytes.data(), bytes.size(), digest.data());
  return digest;
}

}  // namespace twinlock
