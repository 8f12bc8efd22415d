// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "tests/fakes/memory_store.h"

namespace twinlock {

void MemoryStore::note_owner(const Account& owner, WallTime when) {
  UserRecord record;
  record.owner = owner;
  record.created = record.updated = when;
  record.version = 1;
  records_.try_emplace({owner.name, owner.uid}, std::move(record));
}

void MemoryStore::store_method(const NewMethod& method) {
  StoredMethod stored{.method = method.method, .credential = {}, .codes = {}, .data = method.data};
  if (method.credential) stored.credential = copy_of(*method.credential);
  methods_.insert_or_assign(method.method.id, std::move(stored));
  note_owner(method.method.owner, method.method.created);
}

bool MemoryStore::has_same(const NewMethod& method) const {
  const auto identity = identity_of(method.data);
  return !identity.empty() && std::any_of(methods_.begin(), methods_.end(), [&](const auto& entry) {
    const auto& other = entry.second.method.owner;
    const auto& owner = method.method.owner;
    return other.name == owner.name && other.uid == owner.uid &&
           identity_of(entry.second.data) == identity;
  });
}

Result<std::vector<EnrolledMethod>> MemoryStore::enrolled_methods(const Account& owner) {
  const std::scoped_lock lock(mutex_);
  std::vector<EnrolledMethod> found;
  for (const auto& [id, stored] : methods_) {
    if (stored.method.owner.name != owner.name || stored.method.owner.uid != owner.uid) continue;
    found.push_back({stored.method, stored.data});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::pair(a.method.created, a.method.id) < std::pair(b.method.created, b.method.id);
  });
  return found;
}

Result<std::optional<EnrolledMethod>> MemoryStore::enrolled_method(const MethodId& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end()) return std::optional<EnrolledMethod>();
  return std::optional(EnrolledMethod{found->second.method, found->second.data});
}

Result<EnrolledAddition> MemoryStore::add_method(const NewMethod& method,
                                                 const EnrolledLimits& limits,
                                                 const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (methods_.contains(method.method.id)) return Error{ErrorCode::Conflict, "method id taken"};
  if (has_same(method)) return EnrolledAddition::Exists;
  std::size_t counted = 0;
  std::size_t unconfirmed = 0;
  for (const auto& [id, stored] : methods_) {
    const auto& owner = stored.method.owner;
    if (owner.name != method.method.owner.name || owner.uid != method.method.owner.uid) continue;
    const auto& types = limits.counted;
    if (std::find(types.begin(), types.end(), stored.method.type) != types.end()) ++counted;
    if (!stored.method.confirmed) ++unconfirmed;
  }
  const bool is_pending = !method.method.confirmed;
  if (counted >= limits.most || (is_pending && unconfirmed >= limits.unconfirmed)) {
    return EnrolledAddition::TooMany;
  }
  store_method(method);
  if (!is_pending) end_tickets(method.method.owner.name);
  record(event);
  return EnrolledAddition::Added;
}

Status MemoryStore::replace_methods(std::string_view name,
                                    const std::vector<NewMethod>& methods,
                                    const std::vector<AuditEvent>& events) {
  const std::scoped_lock lock(mutex_);
  for (const auto& method : methods) {
    const auto found = methods_.find(method.method.id);
    if (found != methods_.end() && found->second.method.owner.name != name) {
      return Error{ErrorCode::Conflict, "method id taken"};
    }
  }
  remove_all_of(name);
  for (const auto& method : methods) store_method(method);
  for (const auto& event : events) record(event);
  return Done{};
}

Result<Claim> MemoryStore::change_method(const MethodId& id,
                                         const EnrolledChange& change,
                                         const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end()) return Claim::Lost;
  auto* const phone = std::get_if<PhoneData>(&found->second.data);
  if (change.preferred && phone == nullptr) return Claim::Lost;
  if (change.name) found->second.method.name = *change.name;
  if (change.preferred) phone->preferred = *change.preferred;
  record(event);
  return Claim::Won;
}

Result<std::int64_t> MemoryStore::count_keys() {
  const std::scoped_lock lock(mutex_);
  return std::count_if(methods_.begin(), methods_.end(), [](const auto& entry) {
    const auto type = entry.second.method.type;
    return type == MethodType::WebauthnRoaming || type == MethodType::WebauthnPlatform ||
           type == MethodType::Passkey;
  });
}

Result<int> MemoryStore::forget_places(std::string_view name, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  int forgotten = 0;
  for (const auto& [owner, places] : places_) {
    if (owner.first == name) forgotten += static_cast<int>(places.size());
  }
  if (forgotten == 0) return 0;
  std::erase_if(places_, [name](const auto& entry) { return entry.first.first == name; });
  record(event);
  return forgotten;
}

}  // namespace twinlock
