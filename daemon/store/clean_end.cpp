// SPDX-License-Identifier: MIT
#include "daemon/store/clean_end.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <span>
#include <string_view>
#include <thread>

#include "common/encoding.h"

namespace twinlock {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kWhat = "twinlock store closed in order 1";
constexpr std::size_t kLongestNote = 512;
constexpr int kTicksToWaitFor = 50;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool is_there(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 || errno != ENOENT;
}

// Many file systems stamp with the kernel's clock of ticks, milliseconds apart. What is written in
// the tick of the last change would go unseen, so that one has to be over.
bool tick_is_over(const struct stat& status) {
  for (int tick = 0; tick < kTicksToWaitFor; ++tick) {
    timespec now{};
    if (clock_gettime(CLOCK_REALTIME_COARSE, &now) != 0) return false;
    if (nanoseconds(now) > nanoseconds(status.st_ctim)) return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

std::string read_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return {};
  std::array<char, kLongestNote> text{};
  const auto size = read(fd, text.data(), text.size());
  close(fd);
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

// The note as it would be written now; empty if there is nothing to say.
std::string CleanEndNote::present(KeyRing& keys) const {
  struct stat status {};
  if (lstat(database_.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  if (is_there(database_ + "-wal") || is_there(database_ + "-journal")) return {};
  if (!tick_is_over(status)) return {};
  std::string text(kWhat);
  for (const std::int64_t number : {static_cast<std::int64_t>(status.st_dev),
                                    static_cast<std::int64_t>(status.st_ino),
                                    std::int64_t{status.st_size},
                                    nanoseconds(status.st_mtim),
                                    nanoseconds(status.st_ctim)}) {
    text += ' ' + std::to_string(number);
  }
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  const auto digest = keys.digest("store-clean", bytes);
  if (!digest) return {};
  return text + ' ' + hex_encode(digest->bytes) + '\n';
}

bool CleanEndNote::holds(KeyRing& keys) const {
  const auto found = read_file(path_);
  return !found.empty() && found == present(keys);
}

void CleanEndNote::write(KeyRing& keys) const {
  remove();
  const auto text = present(keys);
  if (text.empty()) return;
  const int fd =
      open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return;
  // Half a note is none, and a lost one costs the next start a look at the whole file.
  const auto written = ::write(fd, text.data(), text.size());
  static_cast<void>(written);
  close(fd);
}

void CleanEndNote::remove() const { unlink(path_.c_str()); }

}  // namespace twinlock
