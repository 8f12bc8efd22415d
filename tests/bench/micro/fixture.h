// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_BENCH_MICRO_FIXTURE_H
#define TWINLOCK_TESTS_BENCH_MICRO_FIXTURE_H

#include <memory>
#include <string>

#include "daemon/store/sqlite_store.h"
#include "daemon/system/credential_key_ring.h"

namespace twinlock::bench {

// A directory in memory (/dev/shm) that goes with the object: nothing here measures the disk.
class MemoryDirectory {
 public:
  MemoryDirectory();
  ~MemoryDirectory();
  MemoryDirectory(const MemoryDirectory&) = delete;
  MemoryDirectory& operator=(const MemoryDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The product's own key ring and store, in memory, with `users` enrolled.
struct FilledStore {
  explicit FilledStore(int users);

  MemoryDirectory directory;
  std::unique_ptr<CredentialKeyRing> keys;
  std::unique_ptr<SqliteStore> store;
};

// The value of `result`; throws std::runtime_error with its detail if it has none.
template <typename T>
T take(Result<T> result);

}  // namespace twinlock::bench

#include <stdexcept>

template <typename T>
T twinlock::bench::take(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

#endif
