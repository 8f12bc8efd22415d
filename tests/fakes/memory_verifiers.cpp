// SPDX-License-Identifier: MIT
#include <utility>

#include "tests/fakes/memory_store.h"

namespace twinlock {

Result<std::optional<Docket>> MemoryStore::docket(const ConversationId& id,
                                                  const Nonce& expected,
                                                  Budget budget) {
  const std::scoped_lock lock(mutex_);
  for (const auto& stored : conversations_) {
    if (stored.id != id) continue;
    Docket docket{.conversation = stored, .standing = std::nullopt};
    if (stored.phase == Phase::Asking && stored.nonce == expected && stored.account) {
      docket.standing = standing_of(*stored.account, budget);
    }
    return std::optional(std::move(docket));
  }
  return std::optional<Docket>();
}

Standing MemoryStore::standing_of(const Account& account, Budget budget) const {
  const auto record = records_.find({account.name, account.uid});
  Standing standing{.settings = present_settings(),
                    .blocked = record != records_.end() && record->second.blocked,
                    .attempts = attempts_at({{account.name, account.uid}, budget, {}}),
                    .otp = {},
                    .latest_time = std::nullopt,
                    .recovery = std::nullopt};
  if (budget == Budget::RecoveryCode) {
    standing.recovery = recovery_set_of(account);
  } else {
    standing.otp = credentials_of(account);
    standing.latest_time = latest_time_;
  }
  return standing;
}

std::vector<OtpCredential> MemoryStore::credentials_of(const Account& account) const {
  std::vector<OtpCredential> found;
  for (const auto& [id, stored] : methods_) {
    if (!stored.credential || !stored.method.confirmed) continue;
    if (stored.method.owner.name != account.name || stored.method.owner.uid != account.uid)
      continue;
    found.push_back(copy_of(*stored.credential));
  }
  return found;
}

Result<std::optional<RecoverySet>> MemoryStore::recovery_set(const Account& account) {
  const std::scoped_lock lock(mutex_);
  return recovery_set_of(account);
}

std::optional<RecoverySet> MemoryStore::recovery_set_of(const Account& account) const {
  for (const auto& [id, stored] : methods_) {
    if (stored.method.type != MethodType::RecoveryCode || !stored.method.confirmed) continue;
    if (stored.method.owner.name != account.name || stored.method.owner.uid != account.uid)
      continue;
    return RecoverySet{id, stored.codes_key, static_cast<int>(stored.codes.size())};
  }
  return std::nullopt;
}

Result<Attempts> MemoryStore::attempts(const Account& account,
                                       Budget budget,
                                       const PlaceDigest& place) {
  const std::scoped_lock lock(mutex_);
  return attempts_at({{account.name, account.uid}, budget, place});
}

Attempts MemoryStore::attempts_at(const AttemptsKey& key) const {
  const auto found = attempts_.find(key);
  return found == attempts_.end() ? Attempts{} : found->second;
}

Result<std::optional<PlaceDigest>> MemoryStore::known_place(const Account& account,
                                                            const std::vector<PlaceDigest>& places,
                                                            WallTime since) {
  const std::scoped_lock lock(mutex_);
  const auto known = places_.find({account.name, account.uid});
  if (known == places_.end()) return std::optional<PlaceDigest>();
  for (const auto& place : places) {
    const auto found = known->second.find(place);
    if (found != known->second.end() && found->second >= since) return std::optional(place);
  }
  return std::optional<PlaceDigest>();
}

std::int64_t MemoryStore::version_of(const AttemptsKey& key) const {
  const auto found = attempts_.find(key);
  return found == attempts_.end() ? 0 : found->second.version;
}

void MemoryStore::write_attempts(const AttemptsKey& key, const Attempts& next) {
  auto& stored = attempts_[key];
  stored = next;
  ++stored.version;
}

Result<AttemptClaim> MemoryStore::count_attempt(const Conversation& next,
                                                const Nonce& expected,
                                                const Account& account,
                                                const AttemptChange& change) {
  const std::scoped_lock lock(mutex_);
  auto* stored = asking(next.id, expected);
  if (stored == nullptr) return AttemptClaim::ConversationMoved;
  const AttemptsKey key{{account.name, account.uid}, change.budget, change.place};
  if (version_of(key) != change.next.version) return AttemptClaim::AttemptsMoved;
  *stored = next;
  write_attempts(key, change.next);
  return AttemptClaim::Counted;
}

MemoryStore::StoredMethod* MemoryStore::usable(const MethodId& id, const Account& account) {
  const auto found = methods_.find(id);
  if (found == methods_.end()) return nullptr;
  const auto& method = found->second.method;
  const bool owned = method.owner.name == account.name && method.owner.uid == account.uid;
  return owned && method.confirmed ? &found->second : nullptr;
}

}  // namespace twinlock
