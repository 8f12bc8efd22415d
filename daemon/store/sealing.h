// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_SEALING_H
#define TWINLOCK_DAEMON_STORE_SEALING_H

#include <cstdint>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "daemon/domain/account.h"
#include "daemon/domain/authentication_method.h"
#include "daemon/ports/key_ring.h"

// Secrets on their way to and from a row. What seals them is bound to table, column, row id, user
// name and uid, so that a value put elsewhere doesn't open (S114). The key ring adds the key's id
// and the version of its format to what is bound.
namespace twinlock::sealing {

using Sealed = std::vector<std::uint8_t>;

// A seed of `owner`'s method `id`. Errors as KeyRing's; Internal says which method it was.
[[nodiscard]] Result<Sealed> seal_seed(KeyRing& keys,
                                       const MethodId& id,
                                       const Account& owner,
                                       const Secret& seed);
[[nodiscard]] Result<Secret> open_seed(KeyRing& keys,
                                       const MethodId& id,
                                       const Account& owner,
                                       std::span<const std::uint8_t> sealed);

// The canary: a known value, sealed when the store was made, that tells at start whether the key
// ring is the one that this store was sealed with (S117).
[[nodiscard]] Result<Sealed> seal_canary(KeyRing& keys);
// Unavailable if the canary's key is missing, or another one has its id; says what to do.
[[nodiscard]] Status check_canary(KeyRing& keys, std::span<const std::uint8_t> sealed);

}  // namespace twinlock::sealing

#endif
