// SPDX-License-Identifier: MIT
#include "daemon/store/lock_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace twinlock {
namespace {

// Behind every line, so that reading and locking never speak of the same bytes.
constexpr off_t kFirstPart = 4096;

struct flock request(LockFile::Part part, int type) {
  struct flock lock {};
  lock.l_type = static_cast<decltype(lock.l_type)>(type);
  lock.l_whence = SEEK_SET;
  lock.l_start = kFirstPart + static_cast<off_t>(part);
  lock.l_len = 1;
  return lock;
}

int type_of(LockFile::Kind kind) { return kind == LockFile::Kind::Alone ? F_WRLCK : F_RDLCK; }

std::string errno_text() { return std::error_code(errno, std::generic_category()).message(); }

Error failed() { return {ErrorCode::Unavailable, "the lock of the store: " + errno_text()}; }

}  // namespace

Result<LockFile> LockFile::open(const std::string& path, Missing missing) {
  const int creation = missing == Missing::Made ? O_CREAT : 0;
  // O_NONBLOCK: a pipe in its place has no other end to wait for.
  const int flags = O_RDWR | creation | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const int fd = ::open(path.c_str(), flags, S_IRUSR | S_IWUSR);
  if (fd >= 0) return LockFile(fd);
  return Error{errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Unavailable,
               path + ": " + errno_text()};
}

LockFile::LockFile(LockFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

LockFile::~LockFile() {
  if (fd_ >= 0) close(fd_);
}

Result<LockFile::Holder> LockFile::try_lock(Part part, Kind kind) const {
  auto lock = request(part, type_of(kind));
  if (fcntl(fd_, F_OFD_SETLK, &lock) == 0) return Holder::We;
  if (errno == EAGAIN || errno == EACCES) return Holder::Another;
  return failed();
}

Status LockFile::wait_lock(Part part, Kind kind) const {
  for (;;) {
    auto lock = request(part, type_of(kind));
    if (fcntl(fd_, F_OFD_SETLKW, &lock) == 0) return Done{};
    if (errno != EINTR) return failed();
  }
}

void LockFile::unlock(Part part) const {
  auto lock = request(part, F_UNLCK);
  // Nothing can be in the way of letting go; a lock that stayed would go with the process.
  static_cast<void>(fcntl(fd_, F_OFD_SETLK, &lock));
}

bool LockFile::is_held_elsewhere(Part part) const {
  auto lock = request(part, F_WRLCK);
  return fcntl(fd_, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

std::string LockFile::line(std::size_t number) const {
  std::string text(kLineSize, '\0');
  const auto size = pread(fd_, text.data(), text.size(), static_cast<off_t>(number * kLineSize));
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  const auto last = text.find_last_not_of(std::string_view(" \n\0", 3));
  text.resize(last == std::string::npos ? 0 : last + 1);
  return text;
}

void LockFile::write_line(std::size_t number, std::string_view text) const {
  std::array<char, kLineSize> line{};
  line.fill(' ');
  text.substr(0, kLineSize - 1).copy(line.data(), kLineSize - 1);
  line.back() = '\n';
  const auto at = static_cast<off_t>(number * kLineSize);
  static_cast<void>(!pwrite(fd_, line.data(), line.size(), at));
}

}  // namespace twinlock
