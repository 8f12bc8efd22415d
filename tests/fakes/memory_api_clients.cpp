// SPDX-License-Identifier: MIT
#include <algorithm>

#include "tests/fakes/memory_store.h"

namespace twinlock {

Result<StoredSettingGroup> MemoryStore::setting_group(SettingGroup group) {
  const std::scoped_lock lock(mutex_);
  const auto found = setting_groups_.find(group);
  return found == setting_groups_.end() ? StoredSettingGroup{} : found->second;
}

Result<Claim> MemoryStore::replace_setting_group(SettingGroup group,
                                                 const StoredSettingGroup& next,
                                                 const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  auto& stored = setting_groups_[group];
  if (stored.version != next.version) return Claim::Lost;
  stored = {.fields = next.fields, .version = next.version + 1};
  record(event);
  return Claim::Won;
}

Result<ClientAddition> MemoryStore::add_api_client(const ApiClient& client,
                                                   const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (clients_.size() >= kMaxApiClients) return ClientAddition::TooMany;
  for (const auto& [id, other] : clients_) {
    if (other.name == client.name) return ClientAddition::NameTaken;
  }
  clients_.emplace(client.id, client);
  record(event);
  return ClientAddition::Added;
}

Result<std::vector<ApiClient>> MemoryStore::api_clients() {
  const std::scoped_lock lock(mutex_);
  std::vector<ApiClient> all;
  for (const auto& [id, client] : clients_) all.push_back(client);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

Result<std::optional<ApiClient>> MemoryStore::api_client(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  const auto found = clients_.find(id);
  if (found == clients_.end()) return std::optional<ApiClient>();
  return std::optional(found->second);
}

void MemoryStore::end_tokens(std::string_view client) {
  std::erase_if(tokens_, [client](const auto& entry) { return entry.second.client == client; });
}

Result<Claim> MemoryStore::replace_client_secret(std::string_view id,
                                                 const Sha256Digest& secret,
                                                 const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = clients_.find(id);
  if (found == clients_.end()) return Claim::Lost;
  found->second.secret = secret;
  end_tokens(id);
  record(event);
  return Claim::Won;
}

Result<Claim> MemoryStore::remove_api_client(std::string_view id, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = clients_.find(id);
  if (found == clients_.end()) return Claim::Lost;
  end_tokens(id);
  std::erase_if(assertions_, [id](const auto& entry) { return entry.first.first == id; });
  clients_.erase(found);
  record(event);
  return Claim::Won;
}

Result<Claim> MemoryStore::add_access_token(const AccessToken& token, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = clients_.find(token.client);
  if (found == clients_.end()) return Claim::Lost;
  found->second.last_token = token.created;
  std::vector<std::pair<WallTime, Sha256Digest>> live;
  for (const auto& [hash, other] : tokens_) {
    if (other.client == token.client) live.emplace_back(other.created, hash);
  }
  std::sort(live.begin(), live.end());
  for (std::size_t i = 0; i + kMaxLiveTokens <= live.size(); ++i) tokens_.erase(live[i].second);
  tokens_.emplace(token.hash, token);
  record(event);
  return Claim::Won;
}

Result<std::optional<FoundToken>> MemoryStore::access_token(const Sha256Digest& hash) {
  const std::scoped_lock lock(mutex_);
  const auto found = tokens_.find(hash);
  if (found == tokens_.end()) return std::optional<FoundToken>();
  return std::optional(
      FoundToken{.token = found->second, .client = clients_.find(found->second.client)->second});
}

Result<Claim> MemoryStore::revoke_access_token(const Sha256Digest& hash,
                                               std::string_view client,
                                               const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = tokens_.find(hash);
  if (found == tokens_.end() || found->second.client != client) return Claim::Lost;
  tokens_.erase(found);
  record(event);
  return Claim::Won;
}

Result<Claim> MemoryStore::claim_assertion(std::string_view client,
                                           const Sha256Digest& digest,
                                           WallTime expires) {
  const std::scoped_lock lock(mutex_);
  if (!clients_.contains(client)) return Claim::Lost;
  const bool first = assertions_.try_emplace({std::string(client), digest}, expires).second;
  return first ? Claim::Won : Claim::Lost;
}

Result<std::vector<SigningKey>> MemoryStore::signing_keys() {
  const std::scoped_lock lock(mutex_);
  std::vector<SigningKey> keys;
  for (const auto& key : signing_keys_) {
    keys.push_back({.id = key.id,
                    .public_key = key.public_key,
                    .private_key = key.private_key.copy(),
                    .created = key.created});
  }
  return keys;
}

Result<Claim> MemoryStore::add_signing_key(const SigningKey& key,
                                           std::string_view newest,
                                           const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if ((signing_keys_.empty() ? "" : signing_keys_.back().id) != newest) return Claim::Lost;
  signing_keys_.push_back({.id = key.id,
                           .public_key = key.public_key,
                           .private_key = key.private_key.copy(),
                           .created = key.created});
  record(event);
  return Claim::Won;
}

Result<Claim> MemoryStore::remove_signing_key(std::string_view id, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto removed =
      std::erase_if(signing_keys_, [id](const SigningKey& key) { return key.id == id; });
  if (removed == 0) return Claim::Lost;
  record(event);
  return Claim::Won;
}

}  // namespace twinlock
