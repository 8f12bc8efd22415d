// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "tests/fakes/memory_store.h"

namespace twinlock {

OtpCredential MemoryStore::copy_of(const OtpCredential& credential) {
  return {.id = credential.id,
          .type = credential.type,
          .parameters = credential.parameters,
          .seed = credential.seed.copy(),
          .last_used = credential.last_used,
          .offset = credential.offset};
}

Result<std::vector<AuthenticationMethod>> MemoryStore::methods_of(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  std::vector<AuthenticationMethod> found;
  for (const auto& [id, stored] : methods_) {
    if (stored.method.owner.name == name) found.push_back(stored.method);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::pair(a.created, a.id) < std::pair(b.created, b.id);
  });
  return found;
}

Result<std::optional<OtpMethod>> MemoryStore::otp_method(const MethodId& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end() || !found->second.credential) return std::optional<OtpMethod>();
  return std::optional(OtpMethod{found->second.method, copy_of(*found->second.credential)});
}

Result<Addition> MemoryStore::add_otp_method(const OtpMethod& method,
                                             const MethodLimits& limits,
                                             const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (methods_.contains(method.method.id)) return Error{ErrorCode::Conflict, "method id taken"};
  std::size_t of_type = 0;
  std::size_t unconfirmed = 0;
  for (const auto& [id, stored] : methods_) {
    const auto& owner = stored.method.owner;
    if (owner.name != method.method.owner.name || owner.uid != method.method.owner.uid) continue;
    if (stored.method.type == method.method.type) ++of_type;
    if (!stored.method.confirmed) ++unconfirmed;
  }
  if (of_type >= limits.of_type) return Addition::TooMany;
  if (!method.method.confirmed && unconfirmed >= limits.unconfirmed) return Addition::TooMany;
  StoredMethod stored{
      .method = method.method, .credential = copy_of(method.credential), .codes = {}, .data = {}};
  methods_.emplace(method.method.id, std::move(stored));
  note_owner(method.method.owner, method.method.created);
  record(event);
  return Addition::Added;
}

Result<Claim> MemoryStore::confirm_otp_method(const MethodId& id,
                                              MovingFactor used,
                                              WallTime when,
                                              const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end() || !found->second.credential || found->second.method.confirmed) {
    return Claim::Lost;
  }
  found->second.method.confirmed = when;
  auto& last_used = found->second.credential->last_used;
  last_used = std::max(last_used, used);
  end_tickets(found->second.method.owner.name);
  record(event);
  return Claim::Won;
}

Result<Claim> MemoryStore::resynchronize(const MethodId& id,
                                         int offset,
                                         MovingFactor used,
                                         const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end() || !found->second.method.confirmed) return Claim::Lost;
  auto& credential = found->second.credential;
  if (!credential || credential->last_used >= used) return Claim::Lost;
  credential->offset = offset;
  credential->last_used = used;
  record(event);
  return Claim::Won;
}

Result<Claim> MemoryStore::rename_method(const MethodId& id,
                                         std::string_view name,
                                         const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end()) return Claim::Lost;
  found->second.method.name = name;
  record(event);
  return Claim::Won;
}

void MemoryStore::end_conversations(std::string_view name) {
  std::erase_if(conversations_, [name](const Conversation& conversation) {
    return conversation.account && conversation.account->name == name;
  });
}

Result<Claim> MemoryStore::remove_method(const MethodId& id, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end()) return Claim::Lost;
  end_conversations(found->second.method.owner.name);
  end_tickets(found->second.method.owner.name);
  methods_.erase(found);
  record(event);
  return Claim::Won;
}

int MemoryStore::remove_all_of(std::string_view name) {
  const auto removed = std::erase_if(
      methods_, [name](const auto& entry) { return entry.second.method.owner.name == name; });
  std::erase_if(places_, [name](const auto& entry) { return entry.first.first == name; });
  clear_attempts(name);
  end_conversations(name);
  end_tickets(name);
  return static_cast<int>(removed);
}

Result<int> MemoryStore::remove_methods_of(std::string_view name, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const int removed = remove_all_of(name);
  record(event);
  return removed;
}

Status MemoryStore::replace_recovery_codes(const AuthenticationMethod& method,
                                           const std::vector<KeyedDigest>& codes,
                                           const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (codes.empty()) return Error{ErrorCode::InvalidInput, "a set without recovery codes"};
  if (methods_.contains(method.id)) return Error{ErrorCode::Conflict, "method id taken"};
  StoredMethod stored{
      .method = method, .credential = {}, .codes_key = codes.front().key, .codes = {}, .data = {}};
  for (const auto& code : codes) {
    if (code.key != stored.codes_key) {
      return Error{ErrorCode::InvalidInput, "recovery codes of one set under different keys"};
    }
    stored.codes.insert(code.bytes);
  }
  std::erase_if(methods_, [&method](const auto& entry) {
    const auto& other = entry.second.method;
    return other.type == MethodType::RecoveryCode && other.owner.name == method.owner.name &&
           other.owner.uid == method.owner.uid;
  });
  methods_.emplace(method.id, std::move(stored));
  note_owner(method.owner, method.created);
  record(event);
  return Done{};
}

}  // namespace twinlock
