// SPDX-License-Identifier: MIT
#include "daemon/store/store_health.h"

#include <utility>

namespace twinlock {
namespace {

// A disk that was full is the same full disk for as long.
constexpr std::chrono::minutes kOneEpisode{10};

}  // namespace

Status StoreHealth::check() const {
  if (!damaged_.load(std::memory_order_relaxed)) return Done{};
  return Error{ErrorCode::Unavailable, path_ + " is damaged"};
}

void StoreHealth::failed(const sqlite::Database& database, const Error& error) {
  if (database.is_damaged()) {
    damaged(error.detail);
  } else if (!failing_.exchange(true)) {
    tell(StoreAlert::Failing, path_ + ": " + error.detail);
  }
}

void StoreHealth::damaged(const std::string& finding) {
  if (damaged_.exchange(true)) return;
  tell(StoreAlert::Damaged,
       path_ + " is damaged (" + finding +
           "); every login that needs it is denied. Stop twinlockd, keep the file, put a backup in "
           "its place and run: twinlockd accept-restored-store");
}

void StoreHealth::full(StoreAlert alert, const std::string& text) {
  if (alert == StoreAlert::NoRoom) {
    const auto now = std::chrono::steady_clock::now();
    const auto before = std::exchange(refused_, now);
    if (before && now - *before < kOneEpisode) return;
  }
  tell(alert, path_ + ": " + text);
}

void StoreHealth::worked() {
  if (failing_.load(std::memory_order_relaxed)) failing_ = false;
}

void StoreHealth::tell(StoreAlert alert, const std::string& text) const {
  if (alerts_) alerts_(alert, text);
}

}  // namespace twinlock
