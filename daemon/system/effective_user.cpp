// SPDX-License-Identifier: MIT
#include "daemon/system/effective_user.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace twinlock {
namespace {

Error failure(const std::string& path) {
  return {ErrorCode::Unavailable,
          path + ": " + std::error_code(errno, std::generic_category()).message()};
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
  if (setegid(status.st_gid) != 0) {
    status_ = failure(owner_of);
    return;
  }
  changed_ = true;
  if (seteuid(status.st_uid) != 0) status_ = failure(owner_of);
}

EffectiveUser::~EffectiveUser() {
  if (changed_ && (seteuid(0) != 0 || setegid(group_) != 0)) std::abort();
}

}  // namespace twinlock
