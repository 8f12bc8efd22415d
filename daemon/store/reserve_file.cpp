// SPDX-License-Identifier: MIT
#include "daemon/store/reserve_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>

namespace twinlock {
namespace {

// Twice: a disk that is filled up to the brim again by the reserve would release it again at once.
bool has_room(const std::string& path, std::size_t size) {
  struct statvfs status {};
  const auto parent = std::filesystem::path(path).parent_path();
  if (statvfs(parent.c_str(), &status) != 0) return false;
  return status.f_bavail * status.f_frsize >= 2 * size;
}

}  // namespace

void ReserveFile::make_room_to_start(const std::string& path) {
  constexpr std::size_t kEnoughToStart = std::size_t{512} << 10U;
  if (!has_room(path, kEnoughToStart)) unlink(path.c_str());
}

bool ReserveFile::ensure() {
  const std::scoped_lock lock(mutex_);
  whole_ = make();
  return whole_;
}

bool ReserveFile::look() {
  const std::scoped_lock lock(mutex_);
  whole_ = is_there();
  return whole_;
}

bool ReserveFile::is_there() const {
  struct stat status {};
  return lstat(path_.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         static_cast<std::size_t>(status.st_size) == size_;
}

bool ReserveFile::make() {
  if (is_there()) return true;
  unlink(path_.c_str());
  if (!has_room(path_, size_)) return false;
  const int fd =
      open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return false;
  const bool allocated = posix_fallocate(fd, 0, static_cast<off_t>(size_)) == 0;
  close(fd);
  if (!allocated) unlink(path_.c_str());
  return allocated;
}

bool ReserveFile::release() {
  const std::scoped_lock lock(mutex_);
  whole_ = false;
  return unlink(path_.c_str()) == 0;
}

}  // namespace twinlock
