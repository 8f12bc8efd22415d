// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_SEALING_H
#define TWINLOCK_DAEMON_STORE_SEALING_H

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "daemon/domain/account.h"
#include "daemon/domain/authentication_method.h"
#include "daemon/domain/method_data.h"
#include "daemon/domain/setting_group.h"
#include "daemon/ports/key_ring.h"

// Secrets on their way to and from a row. What seals them is bound to table, column, row id, user
// name and uid, so that a value put elsewhere doesn't open (S114). The key ring adds the key's id
// and the version of its format to what is bound.
namespace twinlock::sealing {

using Sealed = std::vector<std::uint8_t>;

// Where a value stands that has a table, a column and a row; each purpose has a subkey of its own.
struct Place {
  std::string_view purpose;
  std::string_view table;
  std::string_view column;
  std::string row;  // its key, and whose it is
};

[[nodiscard]] Place setting_group_place(SettingGroup group);
[[nodiscard]] Place signing_key_place(const std::string& id);

// Any value in its place. Errors as KeyRing's; those of opening name the place.
[[nodiscard]] Result<Sealed> seal(KeyRing& keys,
                                  const Place& place,
                                  std::span<const std::uint8_t> plain);
[[nodiscard]] Result<Secret> open(KeyRing& keys,
                                  const Place& place,
                                  std::span<const std::uint8_t> sealed);

// A seed of `owner`'s method `id`. Errors as KeyRing's; Internal says which method it was.
[[nodiscard]] Result<Sealed> seal_seed(KeyRing& keys,
                                       const MethodId& id,
                                       const Account& owner,
                                       const Secret& seed);
[[nodiscard]] Result<Secret> open_seed(KeyRing& keys,
                                       const MethodId& id,
                                       const Account& owner,
                                       std::span<const std::uint8_t> sealed);

// What is kept of `owner`'s method `id` beside its seed (packing.h).
[[nodiscard]] Result<Sealed> seal_method_data(KeyRing& keys,
                                              const MethodId& id,
                                              const Account& owner,
                                              const Secret& packed);
[[nodiscard]] Result<Secret> open_method_data(KeyRing& keys,
                                              const MethodId& id,
                                              const Account& owner,
                                              std::span<const std::uint8_t> sealed);

// The profile of `owner` (packing.h).
[[nodiscard]] Result<Sealed> seal_profile(KeyRing& keys,
                                          const Account& owner,
                                          const Secret& packed);
[[nodiscard]] Result<Secret> open_profile(KeyRing& keys,
                                          const Account& owner,
                                          std::span<const std::uint8_t> sealed);

// By what a method, an address or a user name is found again without being readable: its digest
// under one key (S115).
[[nodiscard]] Result<KeyedDigest> method_digest(KeyRing& keys, KeyId key, const MethodData& data);
[[nodiscard]] Result<KeyedDigest> email_digest(KeyRing& keys, KeyId key, std::string_view address);
[[nodiscard]] Result<KeyedDigest> username_digest(KeyRing& keys, KeyId key, std::string_view name);

// The canary: a known value, sealed when the store was made, that tells at start whether the key
// ring is the one that this store was sealed with (S117).
[[nodiscard]] Result<Sealed> seal_canary(KeyRing& keys);
// Unavailable if the canary's key is missing, or another one has its id; says what to do.
[[nodiscard]] Status check_canary(KeyRing& keys, std::span<const std::uint8_t> sealed);

}  // namespace twinlock::sealing

#endif
