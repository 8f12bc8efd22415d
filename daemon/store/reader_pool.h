// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_READER_POOL_H
#define TWINLOCK_DAEMON_STORE_READER_POOL_H

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/result.h"
#include "daemon/store/sqlite_database.h"

namespace twinlock {

// Connections that only read, opened when they are first needed and kept with their prepared
// statements: opening one costs many times a read. Readers wait neither for each other nor for the
// writer. Any thread.
class ReaderPool {
 public:
  // A connection of the pool while it is in use.
  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<sqlite::Database> database)
        : pool_(&pool), database_(std::move(database)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      if (database_) pool_->give_back(std::move(database_));
    }
    [[nodiscard]] sqlite::Database& database() const { return *database_; }

   private:
    ReaderPool* pool_;
    std::unique_ptr<sqlite::Database> database_;
  };

  ReaderPool(std::string path, std::chrono::milliseconds deadline)
      : path_(std::move(path)), deadline_(deadline) {}

  // Unavailable if none comes free in time, or none can be opened.
  [[nodiscard]] Result<Lease> take();

 private:
  void give_back(std::unique_ptr<sqlite::Database> database);

  const std::string path_;
  const std::chrono::milliseconds deadline_;
  std::mutex mutex_;
  std::condition_variable one_is_free_;
  std::vector<std::unique_ptr<sqlite::Database>> free_;
  int opened_ = 0;
};

}  // namespace twinlock

#endif
