// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>
#include <utility>

#include "tests/fakes/memory_store.h"

namespace twinlock {

Result<std::vector<Owner>> MemoryStore::owners_after(const Account& after, int limit) {
  const std::scoped_lock lock(mutex_);
  std::set<OwnerKey> keys;
  for (const auto& [id, stored] : methods_) {
    keys.emplace(stored.method.owner.name, stored.method.owner.uid);
  }
  for (const auto& [key, stored] : attempts_) keys.insert(key.owner);
  for (const auto& [key, stored] : places_) keys.insert(key);
  for (const auto& [key, stored] : absences_) keys.insert(key);
  for (const auto& [key, stored] : records_) keys.insert(key);

  std::vector<Owner> owners;
  const auto most = static_cast<std::size_t>(std::max(limit, 0));
  for (auto key = keys.upper_bound({after.name, after.uid});
       key != keys.end() && owners.size() < most;
       ++key) {
    Owner owner{.account = {key->first, key->second},
                .absence = std::nullopt,
                .last_used = last_use_of(*key)};
    const auto noted = absences_.find(*key);
    if (noted != absences_.end()) owner.absence = noted->second;
    owners.push_back(std::move(owner));
  }
  return owners;
}

std::optional<WallTime> MemoryStore::last_use_of(const OwnerKey& owner) const {
  std::optional<WallTime> latest;
  for (const auto& [id, stored] : methods_) {
    const auto& method = stored.method;
    if (OwnerKey(method.owner.name, method.owner.uid) != owner) continue;
    latest = std::max(latest, method.last_used);
  }
  return latest;
}

Status MemoryStore::note_absence(const Account& account, const std::optional<Absence>& absence) {
  const std::scoped_lock lock(mutex_);
  const OwnerKey key{account.name, account.uid};
  if (absence) {
    absences_.insert_or_assign(key, *absence);
  } else {
    absences_.erase(key);
  }
  return Done{};
}

Result<int> MemoryStore::purge_owner(const Account& account,
                                     WallTime before,
                                     int limit,
                                     const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const OwnerKey key{account.name, account.uid};
  const auto noted = absences_.find(key);
  if (noted == absences_.end() || noted->second.first_seen >= before) return 0;
  const int deleted = delete_rows(key, limit);
  if (deleted < limit) absences_.erase(key);
  if (deleted > 0) record(event);
  return deleted;
}

int MemoryStore::delete_rows(const OwnerKey& owner, int limit) {
  int deleted = 0;
  for (auto it = methods_.begin(); it != methods_.end() && deleted < limit;) {
    auto& [id, stored] = *it;
    if (OwnerKey(stored.method.owner.name, stored.method.owner.uid) != owner) {
      ++it;
      continue;
    }
    while (!stored.codes.empty() && deleted < limit) {
      stored.codes.erase(stored.codes.begin());
      ++deleted;
    }
    if (deleted == limit) break;
    it = methods_.erase(it);
    ++deleted;
  }
  for (auto it = attempts_.begin(); it != attempts_.end() && deleted < limit;) {
    const bool is_theirs = it->first.owner == owner;
    it = is_theirs ? attempts_.erase(it) : std::next(it);
    deleted += is_theirs ? 1 : 0;
  }
  auto& places = places_[owner];
  while (!places.empty() && deleted < limit) {
    places.erase(places.begin());
    ++deleted;
  }
  if (places.empty()) places_.erase(owner);
  for (auto it = tickets_.begin(); it != tickets_.end() && deleted < limit;) {
    const auto& theirs = it->second.owner;
    const bool is_theirs = OwnerKey(theirs.name, theirs.uid) == owner;
    it = is_theirs ? tickets_.erase(it) : std::next(it);
    deleted += is_theirs ? 1 : 0;
  }
  if (deleted < limit) deleted += static_cast<int>(records_.erase(owner));
  return deleted;
}

}  // namespace twinlock
