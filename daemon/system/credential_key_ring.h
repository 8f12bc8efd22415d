// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_CREDENTIAL_KEY_RING_H
#define TWINLOCK_DAEMON_SYSTEM_CREDENTIAL_KEY_RING_H

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/ports/key_ring.h"

namespace twinlock {

// The key ring of a key file: a systemd credential, or a file that only the daemon may read (S117).
// Any thread; OpenSSL's contexts are kept, those that hold a key with that key.
//
// A sealed value is: one byte 1, the key's id in two bytes (big-endian), a random nonce of twelve,
// the ciphertext, a tag of sixteen. Bound to it are its first three bytes and the caller's binding.
//
// What names a key that we don't have is the work of another process of the store, which has read
// the file since it got that key. Then the file is read again, at most once a second; where it has
// the key, we have it too from then on, and seal under the newest. Keys of ours that it has lost
// are kept. A file that lacks our current key, or has another under a number of ours, changes
// nothing.
//
// A ring refuses to seal more than 2^30 values under one key in its lifetime, far below what random
// nonces bear (SP 800-38D §8.3). It counts from each start anew: only enrollments and rotations
// seal, and a store whose every row was sealed anew a thousand times is still below the bound.
class CredentialKeyRing final : public KeyRing {
 public:
  using Warning = std::function<void(const std::string&)>;

  // The key that a sealed value names, for whoever has no ring; as key_of().
  [[nodiscard]] static Result<KeyId> key_named_by(std::span<const std::uint8_t> sealed);

  // Reads the file as read_key_file() does. `warn` hears once if memory can't be locked (S123).
  static Result<std::unique_ptr<CredentialKeyRing>> open(std::string path, Warning warn);

  // Reads the file again. A file that can't be used changes nothing; nor does one that lacks a key
  // of ours which is `needed`, or the current one, which something may have been sealed under
  // since; nor one that has another key under a number of ours.
  [[nodiscard]] Status reload(const std::vector<KeyId>& needed);

  [[nodiscard]] Result<std::vector<std::uint8_t>> seal(
      std::string_view purpose,
      std::span<const std::uint8_t> plain,
      std::span<const std::uint8_t> binding) override;
  [[nodiscard]] Result<Secret> open(std::string_view purpose,
                                    std::span<const std::uint8_t> sealed,
                                    std::span<const std::uint8_t> binding) override;
  [[nodiscard]] Result<KeyId> key_of(std::span<const std::uint8_t> sealed) override;
  [[nodiscard]] Result<KeyedDigest> digest(std::string_view purpose,
                                           std::span<const std::uint8_t> data) override;
  [[nodiscard]] Result<KeyedDigest> digest_with(KeyId key,
                                                std::string_view purpose,
                                                std::span<const std::uint8_t> data) override;
  [[nodiscard]] std::vector<KeyId> keys() override;

 private:
  class Table;  // the keys of one reading of the file, with their subkeys

  CredentialKeyRing(std::string path, Warning warn, std::shared_ptr<Table> table);

  // The table that has key `id`, if the file or we have it; any table otherwise.
  [[nodiscard]] std::shared_ptr<Table> table_with(KeyId id);
  void look_again(KeyId missing);

  // Shared with the calls that still use it when the file is read again.
  [[nodiscard]] std::shared_ptr<Table> table();

  const std::string path_;
  const Warning warn_;
  std::mutex mutex_;
  std::shared_ptr<Table> table_;
  std::optional<std::chrono::steady_clock::time_point> looked_again_;
  std::atomic<std::uint64_t> sealings_ = 0;  // under the current key
};

}  // namespace twinlock

#endif
