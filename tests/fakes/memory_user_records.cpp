// SPDX-License-Identifier: MIT
#include <algorithm>
#include <tuple>
#include <utility>

#include "daemon/domain/contact.h"
#include "tests/fakes/memory_store.h"

namespace twinlock {
namespace {

bool is_same_text(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  return a && b && canonical_mail_address(*a) == canonical_mail_address(*b);
}

auto place_of(const UserRecord& record) {
  return std::tuple(record.created, record.owner.name, record.owner.uid);
}

void sort_by_creation(std::vector<UserRecord>& records) {
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
    return place_of(a) < place_of(b);
  });
}

}  // namespace

Result<std::optional<UserRecord>> MemoryStore::user_record(const Account& owner) {
  const std::scoped_lock lock(mutex_);
  const auto found = records_.find({owner.name, owner.uid});
  if (found == records_.end()) return std::optional<UserRecord>();
  return std::optional(found->second);
}

Result<std::vector<UserRecord>> MemoryStore::user_records_named(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  std::vector<UserRecord> found;
  for (const auto& [owner, record] : records_) {
    if (owner.first == name) found.push_back(record);
  }
  sort_by_creation(found);
  return found;
}

Result<std::vector<UserRecord>> MemoryStore::user_records_with_email(std::string_view address) {
  const std::scoped_lock lock(mutex_);
  std::vector<UserRecord> found;
  for (const auto& [owner, record] : records_) {
    if (is_same_text(record.profile.email, std::string(address))) found.push_back(record);
  }
  sort_by_creation(found);
  return found;
}

Result<std::vector<UserRecord>> MemoryStore::user_records(const RecordPage& page) {
  const std::scoped_lock lock(mutex_);
  std::vector<UserRecord> all;
  for (const auto& [owner, record] : records_) {
    if (page.connection.empty() || record.connection == page.connection) all.push_back(record);
  }
  sort_by_creation(all);
  if (page.newest_first) std::reverse(all.begin(), all.end());
  std::vector<UserRecord> found;
  std::int64_t skipped = 0;
  for (auto& record : all) {
    if (page.after) {
      const auto& [created, owner] = *page.after;
      const auto place = std::tuple(created, owner.name, owner.uid);
      if (page.newest_first ? place_of(record) >= place : place_of(record) <= place) continue;
    }
    if (skipped++ < page.skip) continue;
    if (found.size() == static_cast<std::size_t>(std::max(page.limit, 0))) break;
    found.push_back(std::move(record));
  }
  return found;
}

Result<std::int64_t> MemoryStore::count_user_records(std::string_view connection) {
  const std::scoped_lock lock(mutex_);
  return std::count_if(records_.begin(), records_.end(), [connection](const auto& entry) {
    return connection.empty() || entry.second.connection == connection;
  });
}

bool MemoryStore::is_taken(const UserRecord& record) const {
  return std::any_of(records_.begin(), records_.end(), [&record](const auto& entry) {
    const auto& other = entry.second;
    if (entry.first == OwnerKey(record.owner.name, record.owner.uid)) return false;
    return other.connection == record.connection &&
           (is_same_text(other.profile.email, record.profile.email) ||
            is_same_text(other.profile.username, record.profile.username));
  });
}

Result<RecordWrite> MemoryStore::write_user_record(const UserRecord& next,
                                                   const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (is_taken(next)) return RecordWrite::Exists;
  const OwnerKey key{next.owner.name, next.owner.uid};
  const auto found = records_.find(key);
  const auto version = found == records_.end() ? 0 : found->second.version;
  if (version != next.version) return RecordWrite::Moved;
  auto& stored = records_[key];
  stored = next;
  ++stored.version;
  if (next.blocked) end_conversations(next.owner.name);
  end_tickets(next.owner.name);
  record(event);
  return RecordWrite::Written;
}

Result<Claim> MemoryStore::remove_user(std::string_view name, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto methods = remove_all_of(name);
  const auto removed =
      std::erase_if(records_, [name](const auto& entry) { return entry.first.first == name; });
  if (methods == 0 && removed == 0) return Claim::Lost;
  record(event);
  return Claim::Won;
}

Result<LoginHistory> MemoryStore::login_history(const Account& owner) {
  const std::scoped_lock lock(mutex_);
  LoginHistory history;
  for (const auto& stored : audit_) {
    const auto& event = stored.event;
    if (event.user != owner.name || event.uid != owner.uid) continue;
    if (event.type != AuditEventType::LoginGranted && event.type != AuditEventType::LoginExempt) {
      continue;
    }
    ++history.count;
    history.last = event.time;
    history.last_source = event.source;
  }
  return history;
}

Result<AccountSettings> MemoryStore::settings_for(const Account& account) {
  const std::scoped_lock lock(mutex_);
  const auto found = records_.find({account.name, account.uid});
  return AccountSettings{present_settings(), found != records_.end() && found->second.blocked};
}

}  // namespace twinlock
