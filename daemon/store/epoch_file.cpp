// SPDX-License-Identifier: MIT
#include "daemon/store/epoch_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/secret.h"

namespace twinlock {
namespace {

constexpr std::string_view kMagic = "TWLEPOC\x01";
constexpr std::size_t kSequenceAt = 8;
constexpr std::size_t kMacAt = 16;
constexpr std::size_t kKeyAt = 48;
constexpr std::size_t kDigestAt = 52;
constexpr std::size_t kNewlineAt = 84;
constexpr std::size_t kSize = 85;
constexpr std::string_view kPurpose = "store-epoch";

using Content = std::array<std::uint8_t, kSize>;

template <typename T>
void put(Content& content, std::size_t at, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    content[at + i] = static_cast<std::uint8_t>(value >> (8 * (sizeof(T) - 1 - i)));
  }
}

template <typename T>
T take(const Content& content, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value << 8 | content[at + i]);
  return value;
}

std::span<const std::uint8_t> digested(const Content& content) {
  return std::span(content).first(kKeyAt);
}

Result<Content> encode(KeyRing& keys, const Epoch& epoch) {
  Content content{};
  std::copy(kMagic.begin(), kMagic.end(), content.begin());
  put(content, kSequenceAt, epoch.sequence);
  std::copy(epoch.mac.begin(), epoch.mac.end(), content.begin() + kMacAt);
  const auto digest = keys.digest(kPurpose, digested(content));
  if (!digest) return digest.error();
  put(content, kKeyAt, digest->key);
  std::copy(digest->bytes.begin(), digest->bytes.end(), content.begin() + kDigestAt);
  content[kNewlineAt] = '\n';
  return content;
}

Error failed(const std::string& path) {
  return {ErrorCode::Unavailable,
          path + ": " + std::error_code(errno, std::generic_category()).message()};
}

Result<Content> read_content(const std::string& path) {
  // O_NONBLOCK: a pipe put in its place must not hold up root's tools; it has no content.
  const int fd = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return failed(path);
  Content content{};
  const auto got = pread(fd, content.data(), content.size(), 0);
  close(fd);
  if (got != static_cast<ssize_t>(kSize) ||
      !std::equal(kMagic.begin(), kMagic.end(), content.begin())) {
    return Error{ErrorCode::Unavailable, path + " is not a whole epoch file"};
  }
  return content;
}

}  // namespace

EpochFile::EpochFile(EpochFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

EpochFile::~EpochFile() {
  if (fd_ >= 0) close(fd_);
}

bool EpochFile::exists() const {
  struct stat status {};
  // Anything but a plain "there is none" counts as there: the cautious side.
  return lstat(path_.c_str(), &status) == 0 || errno != ENOENT;
}

Result<KeyId> EpochFile::key() const {
  const auto content = read_content(path_);
  if (!content) return content.error();
  return take<KeyId>(*content, kKeyAt);
}

Result<Epoch> EpochFile::read(KeyRing& keys) const {
  const auto found = read_content(path_);
  if (!found) return found.error();
  const auto& content = *found;
  const auto digest = keys.digest_with(take<KeyId>(content, kKeyAt), kPurpose, digested(content));
  if (!digest) return digest.error();
  if (!equal_in_constant_time(digest->bytes, std::span(content).subspan<kDigestAt, 32>())) {
    return Error{ErrorCode::Unavailable, path_ + " was changed by somebody else"};
  }
  Epoch epoch{.sequence = take<std::uint64_t>(content, kSequenceAt), .mac = {}};
  std::copy_n(content.begin() + kMacAt, epoch.mac.size(), epoch.mac.begin());
  return epoch;
}

Status EpochFile::create(KeyRing& keys, const Epoch& epoch) {
  const auto content = encode(keys, epoch);
  if (!content) return content.error();
  const auto fresh = path_ + ".new";
  unlink(fresh.c_str());
  if (fd_ >= 0) close(fd_);
  fd_ = open(fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd_ < 0) return failed(fresh);
  if (pwrite(fd_, content->data(), content->size(), 0) != static_cast<ssize_t>(kSize) ||
      fsync(fd_) != 0 || rename(fresh.c_str(), path_.c_str()) != 0) {
    return failed(fresh);
  }
  const auto parent = std::filesystem::path(path_).parent_path();
  const int directory = open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return failed(parent);
  const int synced = fsync(directory);
  close(directory);
  if (synced != 0) return failed(parent);
  return Done{};
}

Status EpochFile::join() {
  fd_ = open(path_.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return fd_ < 0 ? Status(failed(path_)) : Status(Done{});
}

Status EpochFile::update(KeyRing& keys, const Epoch& epoch) {
  const auto content = encode(keys, epoch);
  if (!content) return content.error();
  if (pwrite(fd_, content->data(), content->size(), 0) != static_cast<ssize_t>(kSize)) {
    return failed(path_);
  }
  return Done{};
}

void EpochFile::sync() const {
  if (fd_ >= 0) (void)fsync(fd_);
}

}  // namespace twinlock
