// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_SOURCE_DIGEST_H
#define TWINLOCK_DAEMON_DOMAIN_SOURCE_DIGEST_H

#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"
#include "daemon/ports/key_ring.h"
#include "daemon/ports/store.h"

namespace twinlock {

// What counts as one source: an IPv4 address, or the /64 around an IPv6 address,
// as 16 bytes; empty if `source` is no address literal.
[[nodiscard]] std::string counted_source(std::string_view source);

// The digest under which a source is remembered, by the current key or the one named. Nothing if
// `source` is no address literal: an unknown place is never a known one.
[[nodiscard]] Result<std::optional<PlaceDigest>> source_digest(KeyRing& keys,
                                                               std::optional<KeyId> key,
                                                               std::string_view source);

}  // namespace twinlock

#endif
