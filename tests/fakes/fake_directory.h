// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_FAKES_FAKE_DIRECTORY_H
#define TWINLOCK_TESTS_FAKES_FAKE_DIRECTORY_H

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ports/account_directory.h"

namespace twinlock {

// The accounts that a test has put in it. Filled before threads use it.
class FakeDirectory final : public AccountDirectory {
 public:
  void add(const Account& account, std::vector<std::string> groups = {});
  // Another spelling that leads to the account of the canonical `name` (S37).
  void add_alias(std::string_view alias, std::string_view name);
  void remove(std::string_view name);
  // From now on groups can't be read, as when LDAP is away.
  void lose_groups() { groups_lost_ = true; }

  Result<std::optional<Account>> find(std::string_view name) override;
  Result<std::optional<Account>> find_uid(Uid uid) override;
  Result<std::vector<std::string>> groups(const Account& account) override;

 private:
  struct Entry {
    Account account;
    std::vector<std::string> groups;
  };

  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, std::string, std::less<>> aliases_;
  bool groups_lost_ = false;
};

}  // namespace twinlock

#endif
