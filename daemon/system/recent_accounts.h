// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_RECENT_ACCOUNTS_H
#define TWINLOCK_DAEMON_SYSTEM_RECENT_ACCOUNTS_H

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/result.h"
#include "daemon/ports/account_directory.h"

namespace twinlock {

// A directory that isn't asked again for a name that it found a moment ago: whoever administers a
// user calls several times. Only accounts by name, and only those that there are; for logins it is
// no good, which ask each time. Any thread.
class RecentAccounts final : public AccountDirectory {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  static constexpr std::chrono::milliseconds kLifetime{250};
  static constexpr std::size_t kMost = 256;

  // `directory` has to outlive it.
  explicit RecentAccounts(AccountDirectory& directory, Now now = std::chrono::steady_clock::now)
      : directory_(directory), now_(std::move(now)) {}

  [[nodiscard]] Result<std::optional<Account>> find(std::string_view name) override;
  [[nodiscard]] Result<std::optional<Account>> find_uid(Uid uid) override {
    return directory_.find_uid(uid);
  }
  [[nodiscard]] Result<std::vector<std::string>> groups(const Account& account) override {
    return directory_.groups(account);
  }

 private:
  using Moment = std::chrono::steady_clock::time_point;
  struct Found {
    Account account;
    Moment asked;
  };

  [[nodiscard]] std::optional<Account> recent(std::string_view name, Moment now);
  void keep(std::string_view name, const Found& found);

  AccountDirectory& directory_;
  const Now now_;
  std::mutex mutex_;  // guards found_
  std::map<std::string, Found, std::less<>> found_;
};

}  // namespace twinlock

#endif
