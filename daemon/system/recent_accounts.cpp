// SPDX-License-Identifier: MIT
#include "daemon/system/recent_accounts.h"

namespace twinlock {

std::optional<Account> RecentAccounts::recent(std::string_view name, Moment now) {
  const std::scoped_lock lock(mutex_);
  const auto found = found_.find(name);
  if (found == found_.end() || now - found->second.asked >= kLifetime) return std::nullopt;
  return found->second.account;
}

void RecentAccounts::keep(std::string_view name, const Found& found) {
  const std::scoped_lock lock(mutex_);
  if (found_.size() >= kMost) {
    std::erase_if(
        found_, [&found](const auto& one) { return found.asked - one.second.asked >= kLifetime; });
  }
  if (found_.size() < kMost) found_.insert_or_assign(std::string(name), found);
}

Result<std::optional<Account>> RecentAccounts::find(std::string_view name) {
  const auto now = now_();
  if (auto account = recent(name, now)) return account;
  auto found = directory_.find(name);
  // As old as the question, not the answer: a slow directory may have looked at once.
  if (found && *found) keep(name, {**found, now});
  return found;
}

}  // namespace twinlock
