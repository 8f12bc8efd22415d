// SPDX-License-Identifier: MIT
#include "daemon/system/effective_user.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace twinlock {
namespace {

Error failure(const std::string& path) {
  return {ErrorCode::Unavailable,
          path + ": " + std::error_code(errno, std::generic_category()).message()};
}

std::vector<gid_t> own_groups() {
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
  const int count = getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  return groups;
}

// The groups of the account with this uid; of a uid without one, the file's.
bool join_groups_of(const struct stat& file) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): a process of one thread
  const passwd* const account = getpwuid(file.st_uid);
  const gid_t group = account == nullptr ? file.st_gid : account->pw_gid;
  const bool joined =
      account == nullptr ? setgroups(1, &group) == 0 : initgroups(account->pw_name, group) == 0;
  return joined && setegid(group) == 0;
}

}  // namespace

EffectiveUser::EffectiveUser(const std::string& owner_of) : group_(getegid()), status_(Done{}) {
  if (geteuid() != 0) return;
  struct stat status {};
  if (stat(owner_of.c_str(), &status) != 0) {
    status_ = failure(owner_of);
    return;
  }
  if (status.st_uid == 0) return;
  groups_ = own_groups();
  changed_ = true;
  if (!join_groups_of(status) || seteuid(status.st_uid) != 0) status_ = failure(owner_of);
}

EffectiveUser::~EffectiveUser() {
  if (!changed_) return;
  if (seteuid(0) != 0 || setegid(group_) != 0 || setgroups(groups_.size(), groups_.data()) != 0) {
    std::abort();
  }
}

}  // namespace twinlock
