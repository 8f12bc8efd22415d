// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_LOCK_FILE_H
#define TWINLOCK_DAEMON_STORE_LOCK_FILE_H

#include <string>

#include "common/result.h"

namespace twinlock {

// An exclusive flock(2) on a file, held for the life of the object (S119). The kernel lets go of
// it when the process ends, however it ends.
class LockFile {
 public:
  enum class Missing { Made, Refused };

  // Unavailable, with what to do, if another process holds it; NotFound if it is missing, and isn't
  // to be made.
  static Result<LockFile> acquire(const std::string& path, Missing missing = Missing::Made);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) = delete;
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int fd) : fd_(fd) {}

  int fd_;
};

}  // namespace twinlock

#endif
