// SPDX-License-Identifier: MIT
#include "tests/fakes/fake_directory.h"

#include <utility>

namespace twinlock {

void FakeDirectory::add(const Account& account, std::vector<std::string> groups) {
  entries_.insert_or_assign(account.name, Entry{account, std::move(groups)});
}

void FakeDirectory::add_alias(std::string_view alias, std::string_view name) {
  aliases_.insert_or_assign(std::string(alias), std::string(name));
}

void FakeDirectory::remove(std::string_view name) {
  const auto found = entries_.find(name);
  if (found != entries_.end()) entries_.erase(found);
}

Result<std::optional<Account>> FakeDirectory::find(std::string_view name) {
  const auto alias = aliases_.find(name);
  const auto found = entries_.find(alias == aliases_.end() ? name : alias->second);
  if (found == entries_.end()) return std::optional<Account>();
  return std::optional(found->second.account);
}

Result<std::optional<Account>> FakeDirectory::find_uid(Uid uid) {
  for (const auto& [name, entry] : entries_) {
    if (entry.account.uid == uid) return std::optional(entry.account);
  }
  return std::optional<Account>();
}

Result<std::vector<std::string>> FakeDirectory::groups(const Account& account) {
  if (groups_lost_) return Error{ErrorCode::Unavailable, "the groups can't be read"};
  const auto found = entries_.find(account.name);
  return found == entries_.end() ? std::vector<std::string>() : found->second.groups;
}

}  // namespace twinlock
