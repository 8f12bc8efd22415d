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

Result<LockFile> LockFile::acquire(const std::string& path, Missing missing) {
  const int creation = missing == Missing::Made ? O_RDWR | O_CREAT : O_RDONLY;
  // O_NONBLOCK: a pipe in its place has no other end to wait for.
  const int flags = creation | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const int fd = open(path.c_str(), flags, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    return Error{errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Unavailable,
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
