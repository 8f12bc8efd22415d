// SPDX-License-Identifier: MIT
#include "tests/fakes/memory_store.h"

#include <iterator>

namespace twinlock {

Result<RuntimeSettings> MemoryStore::settings() {
  const std::scoped_lock lock(mutex_);
  return present_settings();
}

RuntimeSettings MemoryStore::present_settings() const {
  RuntimeSettings settings{.policy = policy_, .enabled = {}};
  for (const auto factor : kFactors) {
    if (factors_.contains(factor)) settings.enabled.push_back(factor);
  }
  return settings;
}

Status MemoryStore::set_policy(LoginPolicy policy, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  policy_ = policy;
  record(event);
  return Done{};
}

Status MemoryStore::set_factor(Factor factor, bool enabled, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (enabled) {
    factors_.insert(factor);
  } else {
    factors_.erase(factor);
  }
  record(event);
  return Done{};
}

void MemoryStore::raise(WallTime now) {
  if (!latest_time_ || *latest_time_ < now) latest_time_ = now;
}

Result<WallTime> MemoryStore::raise_latest_time(WallTime now) {
  const std::scoped_lock lock(mutex_);
  raise(now);
  return *latest_time_;
}

Result<int> MemoryStore::purge(WallTime now, int limit) {
  const std::scoped_lock lock(mutex_);
  int deleted = 0;
  for (auto it = conversations_.begin(); it != conversations_.end() && deleted < limit;) {
    const bool old = it->started.wall < now - 1h;
    it = old ? conversations_.erase(it) : std::next(it);
    deleted += old ? 1 : 0;
  }
  for (auto it = methods_.begin(); it != methods_.end() && deleted < limit;) {
    const auto& method = it->second.method;
    const bool old = !method.confirmed && method.created < now - kUnconfirmedLifetime;
    it = old ? methods_.erase(it) : std::next(it);
    deleted += old ? 1 : 0;
  }
  for (auto it = tickets_.begin(); it != tickets_.end() && deleted < limit;) {
    const bool old = it->second.expires <= now;
    it = old ? tickets_.erase(it) : std::next(it);
    deleted += old ? 1 : 0;
  }
  for (auto it = tokens_.begin(); it != tokens_.end() && deleted < limit;) {
    const bool old = it->second.expires <= now;
    it = old ? tokens_.erase(it) : std::next(it);
    deleted += old ? 1 : 0;
  }
  for (auto it = assertions_.begin(); it != assertions_.end() && deleted < limit;) {
    const bool old = it->second <= now;
    it = old ? assertions_.erase(it) : std::next(it);
    deleted += old ? 1 : 0;
  }
  while (!audit_.empty() && deleted < limit && audit_.front().event.time < now - audit_lifetime_) {
    floor_ = audit_.front().mac;
    audit_.pop_front();
    ++deleted;
  }
  return deleted;
}

Result<int> MemoryStore::reseal(int) { return 0; }

// It seals nothing: only digests name a key.
Result<std::map<KeyId, KeyUse>> MemoryStore::key_uses() {
  const std::scoped_lock lock(mutex_);
  std::map<KeyId, KeyUse> uses;
  for (const auto& [id, stored] : methods_) {
    if (stored.codes_key == 0) continue;
    uses[stored.codes_key].recovery_codes_of.insert(stored.method.owner.name);
  }
  return uses;
}

}  // namespace twinlock
