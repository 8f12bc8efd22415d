// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_KEY_RING_H
#define TWINLOCK_DAEMON_PORTS_KEY_RING_H

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/secret.h"

namespace twinlock {

// Names one master key of the ring; never reused.
using KeyId = std::uint32_t;

struct KeyedDigest {
  KeyId key;
  std::array<std::uint8_t, 32> bytes;
};

// Seals and opens secrets, and digests what must be found again without being kept. Each purpose
// ("totp-seed", "recovery-code", "audit", …) has a subkey of its own by HKDF-SHA-256 (RFC 5869).
// Any thread.
class KeyRing {
 public:
  virtual ~KeyRing() = default;

  // AES-256-GCM under the current key. The result names its key and can only be opened with the
  // same purpose and `binding`: the place it is stored in (S114).
  [[nodiscard]] virtual Result<std::vector<std::uint8_t>> seal(
      std::string_view purpose,
      std::span<const std::uint8_t> plain,
      std::span<const std::uint8_t> binding) = 0;

  // Unavailable if the key is not in the ring; Internal if the value was altered or moved.
  [[nodiscard]] virtual Result<Secret> open(std::string_view purpose,
                                            std::span<const std::uint8_t> sealed,
                                            std::span<const std::uint8_t> binding) = 0;

  // The key that a sealed value names; InvalidInput if it is none.
  [[nodiscard]] virtual Result<KeyId> key_of(std::span<const std::uint8_t> sealed) = 0;

  // HMAC-SHA-256 under the current key's subkey for `purpose`.
  [[nodiscard]] virtual Result<KeyedDigest> digest(std::string_view purpose,
                                                   std::span<const std::uint8_t> data) = 0;
  // The same under one named key. Unavailable if it is not in the ring.
  [[nodiscard]] virtual Result<KeyedDigest> digest_with(KeyId key,
                                                        std::string_view purpose,
                                                        std::span<const std::uint8_t> data) = 0;

  // Current key first, then the retired ones that can open but not seal (S118).
  [[nodiscard]] virtual std::vector<KeyId> keys() = 0;
};

}  // namespace twinlock

#endif
