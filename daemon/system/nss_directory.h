// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_NSS_DIRECTORY_H
#define TWINLOCK_DAEMON_SYSTEM_NSS_DIRECTORY_H

#include <grp.h>
#include <pwd.h>

#include <chrono>
#include <cstddef>
#include <functional>

#include "daemon/ports/account_directory.h"
#include "daemon/system/deadline_pool.h"

namespace twinlock {

// The functions of libc that ask NSS; a test puts others in their place.
struct NssFunctions {
  std::function<int(const char*, passwd*, char*, std::size_t, passwd**)> by_name = getpwnam_r;
  std::function<int(uid_t, passwd*, char*, std::size_t, passwd**)> by_uid = getpwuid_r;
  std::function<int(const char*, gid_t, gid_t*, int*)> group_list = getgrouplist;
  std::function<int(gid_t, group*, char*, std::size_t, group**)> group_by_id = getgrgid_r;
};

// Accounts and groups through NSS, whatever nsswitch.conf(5) puts behind it. What doesn't answer
// within `limit` is Unavailable, and so is every failure: "there is none" is only what NSS says
// itself (S47).
//
// Each has threads of its own, so that one whose lookups hang takes none from another.
class NssDirectory final : public AccountDirectory {
 public:
  // For logins: a lookup that hangs costs a thread for as long as it hangs.
  static constexpr DeadlinePool::Bounds kForLogins{
      .threads = 8, .max_threads = 32, .max_queued = 256};
  // For what users ask about themselves, and for housekeeping.
  static constexpr DeadlinePool::Bounds kForOthers{
      .threads = 4, .max_threads = 16, .max_queued = 64};

  explicit NssDirectory(NssFunctions functions = {},
                        std::chrono::milliseconds limit = std::chrono::seconds(2),
                        DeadlinePool::Bounds bounds = kForLogins);
  explicit NssDirectory(DeadlinePool::Bounds bounds)
      : NssDirectory(NssFunctions{}, std::chrono::seconds(2), bounds) {}

  [[nodiscard]] Result<std::optional<Account>> find(std::string_view name) override;
  [[nodiscard]] Result<std::optional<Account>> find_uid(Uid uid) override;
  [[nodiscard]] Result<std::vector<std::string>> groups(const Account& account) override;

 private:
  template <typename T>
  Result<T> ask(std::function<Result<T>()> question, const char* what);

  NssFunctions functions_;
  std::chrono::milliseconds limit_;
  DeadlinePool pool_;
};

}  // namespace twinlock

#endif
