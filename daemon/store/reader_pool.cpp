// SPDX-License-Identifier: MIT
#include "daemon/store/reader_pool.h"

#include <utility>

namespace twinlock {
namespace {

constexpr int kMaxReaders = 16;

}  // namespace

Result<ReaderPool::Lease> ReaderPool::take() {
  std::unique_lock lock(mutex_);
  const bool there = one_is_free_.wait_for(
      lock, deadline_, [this] { return !free_.empty() || opened_ < kMaxReaders; });
  if (!there) return Error{ErrorCode::Unavailable, "every connection to the store is busy"};
  if (!free_.empty()) {
    auto database = std::move(free_.back());  // the one used last: its pages are still cached
    free_.pop_back();
    return Lease(*this, std::move(database));
  }
  ++opened_;
  lock.unlock();
  auto opened = sqlite::Database::open(path_, sqlite::Database::Access::Read);
  if (opened) return Lease(*this, std::make_unique<sqlite::Database>(*std::move(opened)));
  lock.lock();
  --opened_;
  one_is_free_.notify_one();
  return opened.error();
}

void ReaderPool::give_back(std::unique_ptr<sqlite::Database> database) {
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(database));
  one_is_free_.notify_one();
}

}  // namespace twinlock
