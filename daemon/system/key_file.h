// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_KEY_FILE_H
#define TWINLOCK_DAEMON_SYSTEM_KEY_FILE_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/result.h"
#include "daemon/domain/instant.h"
#include "daemon/ports/key_ring.h"
#include "daemon/system/locked_bytes.h"

// The file of master keys. Text, one key a line, the last one current:
//
//   # comment
//   1 <64 hexadecimal digits> 2026-01-31T12:00:00Z
//   2 <64 hexadecimal digits> 2027-01-31T12:00:00Z
//
// Ids are 1 to 65535, rising from line to line. Empty lines are skipped. The whole file is at most
// 64 KiB. Errors name the file, the line and what to do, and never quote it.
namespace twinlock {

constexpr std::size_t kMasterKeySize = 32;

// Master keys in locked memory, in the order of the file: the last one is current.
struct MasterKeys {
  std::vector<KeyId> ids;
  LockedBytes bytes;  // kMasterKeySize for each id

  [[nodiscard]] std::span<const std::uint8_t> key(std::size_t index) const {
    return bytes.bytes().subspan(index * kMasterKeySize, kMasterKeySize);
  }
};

// Unavailable if there is no such file; InvalidInput if it is not as above, or if anyone but root
// and the caller's own user could have read it (S117).
[[nodiscard]] Result<MasterKeys> read_key_file(const std::string& path);

// The ids alone, in the order of the file, for whoever may change it.
[[nodiscard]] Result<std::vector<KeyId>> key_ids(const std::string& path);

// Makes a file with one new key, mode 0400. Conflict if the file is there already.
[[nodiscard]] Status create_key_file(const std::string& path, WallTime now);

// Adds a new key, current from the next reading on; returns its id. The file is replaced as a
// whole, owner and mode kept, so that an interruption leaves the old one (S118).
[[nodiscard]] Result<KeyId> add_key(const std::string& path, WallTime now);

// Takes one retired key out, in the same way. Conflict if it is the current one, NotFound if it
// isn't there. What is still sealed under it is lost: ask the store first.
[[nodiscard]] Status drop_key(const std::string& path, KeyId id);

}  // namespace twinlock

#endif
