// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_ACCOUNT_DIRECTORY_H
#define TWINLOCK_DAEMON_PORTS_ACCOUNT_DIRECTORY_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/domain/account.h"

namespace twinlock {

// The accounts of this machine. "There is none" is a value, "could not look up" an error: the
// second must never be taken for the first (S47). Every call ends within two seconds. Any thread.
class AccountDirectory {
 public:
  virtual ~AccountDirectory() = default;
  // The account that this spelling of a name leads to, by its canonical name (S37).
  [[nodiscard]] virtual Result<std::optional<Account>> find(std::string_view name) = 0;
  [[nodiscard]] virtual Result<std::optional<Account>> find_uid(Uid uid) = 0;
  // The names of the account's groups, the primary one included.
  [[nodiscard]] virtual Result<std::vector<std::string>> groups(const Account& account) = 0;
};

}  // namespace twinlock

#endif
