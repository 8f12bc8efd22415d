// SPDX-License-Identifier: MIT
#include <algorithm>

#include "daemon/domain/user_id.h"
#include "tests/fakes/memory_store.h"

namespace twinlock {

Result<std::vector<UserSummary>> MemoryStore::users_after(std::string_view after, int limit) {
  const std::scoped_lock lock(mutex_);
  std::map<OwnerKey, int> confirmed;
  for (const auto& [id, stored] : methods_) {
    if (stored.method.owner.name <= after || is_record(stored.method.owner)) continue;
    confirmed[{stored.method.owner.name, stored.method.owner.uid}] +=
        stored.method.confirmed ? 1 : 0;
  }
  std::vector<UserSummary> users;
  for (const auto& [owner, methods] : confirmed) {
    // Accounts of one name stay on one page: the next one starts after the name.
    const bool full = users.size() >= static_cast<std::size_t>(std::max(limit, 0));
    if (full && (users.empty() || users.back().account.name != owner.first)) break;
    const auto found = attempts_.find({owner, Budget::ShortCode, {}});
    const auto record = records_.find(owner);
    users.push_back({.account = {owner.first, owner.second},
                     .confirmed_methods = methods,
                     .short_code = found == attempts_.end() ? Attempts{} : found->second,
                     .blocked = record != records_.end() && record->second.blocked});
  }
  return users;
}

int MemoryStore::clear_attempts(std::string_view name) {
  int cleared = 0;
  // The version goes on: a login that read the old failures must not write them back.
  for (auto& [key, stored] : attempts_) {
    if (key.owner.first != name) continue;
    if (stored.consecutive == 0 && stored.failures.empty()) continue;
    stored = Attempts{.version = stored.version + 1, .failures = {}};
    ++cleared;
  }
  return cleared;
}

Result<int> MemoryStore::forget_attempts(std::string_view name, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  int forgotten = clear_attempts(name);
  forgotten +=
      static_cast<int>(std::erase_if(conversations_, [name](const Conversation& conversation) {
        return conversation.account && conversation.account->name == name &&
               conversation.phase != Phase::Asking && conversation.phase != Phase::Granted &&
               conversation.phase != Phase::Exempt;
      }));
  if (forgotten > 0) record(event);
  return forgotten;
}

}  // namespace twinlock
