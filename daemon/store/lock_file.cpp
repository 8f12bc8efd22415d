// SPDX-License-Identifier: MIT
#include "daemon/store/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace twinlock {

Result<LockFile> LockFile::acquire(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    return Error{ErrorCode::Unavailable,
                 path + ": " + std::error_code(errno, std::generic_category()).message()};
  }
  LockFile lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  return Error{ErrorCode::Unavailable,
               "another twinlockd uses this store (it holds " + path +
                   "); stop it, or give this one a directory of its own"};
}

LockFile::LockFile(LockFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

LockFile::~LockFile() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace twinlock
