// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_FAKES_FAKE_KEY_RING_H
#define TWINLOCK_TESTS_FAKES_FAKE_KEY_RING_H

#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/ports/key_ring.h"

namespace twinlock {

// A ring of keys that everybody knows. Seals for real (HMAC-SHA-256 as key stream and as tag), so
// that a value which was moved, altered or read raw shows it; its keys alone are no secret. Any
// thread.
class FakeKeyRing final : public KeyRing {
 public:
  // The present key can from now on only open; a new one seals (S118).
  void rotate();
  // Forgets a key, as when its file is gone.
  void lose(KeyId key);

  Result<std::vector<std::uint8_t>> seal(std::string_view purpose,
                                         std::span<const std::uint8_t> plain,
                                         std::span<const std::uint8_t> binding) override;
  Result<Secret> open(std::string_view purpose,
                      std::span<const std::uint8_t> sealed,
                      std::span<const std::uint8_t> binding) override;
  Result<KeyId> key_of(std::span<const std::uint8_t> sealed) override;
  Result<KeyedDigest> digest(std::string_view purpose, std::span<const std::uint8_t> data) override;
  Result<KeyedDigest> digest_with(KeyId key,
                                  std::string_view purpose,
                                  std::span<const std::uint8_t> data) override;
  std::vector<KeyId> keys() override;

 private:
  [[nodiscard]] bool holds(KeyId key);

  std::mutex mutex_;
  std::vector<KeyId> keys_{1};  // current first
  KeyId newest_ = 1;
};

}  // namespace twinlock

#endif
