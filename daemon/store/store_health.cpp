// SPDX-License-Identifier: MIT
#include "daemon/store/store_health.h"

namespace twinlock {

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

void StoreHealth::full(const std::string& detail) { tell(StoreAlert::Full, path_ + ": " + detail); }

void StoreHealth::worked() {
  if (failing_.load(std::memory_order_relaxed)) failing_ = false;
}

void StoreHealth::tell(StoreAlert alert, const std::string& text) const {
  if (alerts_) alerts_(alert, text);
}

}  // namespace twinlock
