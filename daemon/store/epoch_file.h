// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_EPOCH_FILE_H
#define TWINLOCK_DAEMON_STORE_EPOCH_FILE_H

#include <cstdint>
#include <optional>
#include <string>

#include "common/result.h"
#include "daemon/domain/audit_event.h"
#include "daemon/ports/key_ring.h"

namespace twinlock {

// How far the audit chain had come: a store that stands before it is an old copy (S121).
struct Epoch {
  std::uint64_t sequence = 0;
  MacBytes mac{};

  bool operator==(const Epoch&) const = default;
};

// The second file: the epoch after the last commit. Written in place after a commit has
// returned, at most once a second, so that the file is never ahead of the store, not even after a
// power cut; synced when it is made and on a clean stop only, so that it costs a login no second
// sync.
//
// Eighty-five bytes: "TWLEPOC" and a byte 1; the sequence in eight bytes, the chain's HMAC in 32;
// the id of the key that follows in four; HMAC-SHA-256 under the subkey "store-epoch" over the
// first 48 bytes; a newline. Numbers are big-endian.
class EpochFile {
 public:
  explicit EpochFile(std::string path) : path_(std::move(path)) {}
  EpochFile(EpochFile&& other) noexcept;
  EpochFile& operator=(EpochFile&&) = delete;
  EpochFile(const EpochFile&) = delete;
  EpochFile& operator=(const EpochFile&) = delete;
  ~EpochFile();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool exists() const;
  // Unavailable if it can't be read, or isn't what this key ring wrote. On the process's turn to
  // write, where others may use the store.
  [[nodiscard]] Result<Epoch> read(KeyRing& keys) const;

  // The key that it names, whether we have that key or not. Unavailable if it can't be read.
  [[nodiscard]] Result<KeyId> key() const;

  // Puts a new file in place of whatever is there, durably, and opens it for update(). While no
  // other process uses the store: it would go on writing to the old one.
  [[nodiscard]] Status create(KeyRing& keys, const Epoch& epoch);
  // Opens the one that is there for update(), beside other processes.
  [[nodiscard]] Status join();
  // Overwrites it. One write of less than a sector: old or new, never half. On the process's turn
  // to write, and with the epoch of that moment: so nobody puts an older one over a newer.
  [[nodiscard]] Status update(KeyRing& keys, const Epoch& epoch);
  void sync() const;

 private:
  std::string path_;
  int fd_ = -1;
};

}  // namespace twinlock

#endif
