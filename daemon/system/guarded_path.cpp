// SPDX-License-Identifier: MIT
#include "daemon/system/guarded_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "common/descriptor.h"
#include "common/encoding.h"

namespace twinlock {
namespace {

constexpr int kMostLinks = 40;  // as in the kernel (path_resolution(7))

std::string shown(const std::string& path) { return escaped(path, PATH_MAX); }

Error failure(const std::string& path, int code) {
  return {ErrorCode::Unavailable,
          shown(path) + ": " + std::error_code(code, std::generic_category()).message()};
}

// Whether files of this owner are root's to change and nobody else's. Within a user namespace those
// of whoever isn't in it all show as one user that nobody can be (user_namespaces(7)).
bool is_roots(uid_t owner) {
  constexpr uid_t kNobodyThere = 65534;  // proc(5), overflowuid
  if (owner != kNobodyThere) return owner == 0;
  std::ifstream map("/proc/self/uid_map");
  std::uint64_t first = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  bool is_read = false;
  while (map >> first >> outside >> count) {
    is_read = true;
    if (owner >= first && owner - first < count) return false;
  }
  return is_read;
}

// Goes through a path name by name, and holds each directory open while it looks into it.
class Walk {
 public:
  Walk(const std::string& path, PathEnd end) : wanted_(path), end_(end) { go_on_with(path); }

  Result<std::string> run() {
    while (!names_.empty()) {
      const auto name = names_.front();
      names_.pop_front();
      if (auto stepped = step(name); !stepped) return stepped.error();
    }
    if (auto closed = check_end(); !closed) return closed.error();
    return at_.empty() ? "/" : at_;
  }

 private:
  // A path from "/" on, in the place of what comes next.
  void go_on_with(const std::filesystem::path& path) {
    std::deque<std::string> names;
    for (const auto& name : path.relative_path()) {
      if (!name.empty() && name != ".") names.push_back(name);
    }
    names_.insert(names_.begin(), names.begin(), names.end());
    if (path.is_absolute()) at_.clear();
  }

  Status step(const std::string& name) {
    // What is above was looked at on the way down.
    if (name == "..") {
      at_.erase(std::min(at_.rfind('/'), at_.size()));
      return Done{};
    }
    const auto here = at_.empty() ? "/" : at_;
    const Descriptor directory(open(here.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat holder {};
    if (directory.get() < 0 || fstat(directory.get(), &holder) != 0) return failure(here, errno);
    struct stat next {};
    const int code =
        fstatat(directory.get(), name.c_str(), &next, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
    if (auto guarded = check(here, holder, code == 0 ? &next : nullptr); !guarded) return guarded;
    const bool is_kept = names_.empty() && end_ == PathEnd::Kept;
    if (code == 0 && S_ISLNK(next.st_mode) && !is_kept) return follow(directory.get(), here, name);
    at_ += '/' + name;
    return code == 0 || is_kept ? Status(Done{}) : Status(failure(at_, code));
  }

  Status follow(int directory, const std::string& here, const std::string& name) {
    std::array<char, PATH_MAX> target{};
    const auto size = readlinkat(directory, name.c_str(), target.data(), target.size());
    if (size < 0) return failure(here + '/' + name, errno);
    if (++links_ > kMostLinks) return failure(wanted_, ELOOP);
    go_on_with(std::string(target.data(), static_cast<std::size_t>(size)));
    return Done{};
  }

  // Whether root alone decides what a name in this directory means; `next` is what it has now.
  [[nodiscard]] Status check(const std::string& here,
                             const struct stat& holder,
                             const struct stat* next) const {
    const auto could = " could lead root elsewhere than to " + shown(wanted_);
    if (!is_roots(holder.st_uid)) {
      const auto owner = "uid " + std::to_string(holder.st_uid);
      return refusal(here,
                     "belongs to " + owner + ", who" + could + ". Keep that in directories that " +
                         "only root can change, or run this command as " + owner);
    }
    if ((holder.st_mode & (S_IWGRP | S_IWOTH)) == 0) return Done{};
    if ((holder.st_mode & S_ISVTX) == 0) {
      return refusal(
          here,
          "others than root may write to it, and" + could + "; run: chmod go-w " + shown(here));
    }
    if (next != nullptr && is_roots(next->st_uid)) return Done{};
    return refusal(here,
                   "everybody may put something there, and" + could +
                       ". Keep that in a directory that only root can change");
  }

  // Where the end is root's directory, root is who makes files in it.
  [[nodiscard]] Status check_end() const {
    struct stat status {};
    if (end_ == PathEnd::Kept || lstat(at_.c_str(), &status) != 0) return Done{};
    if (!S_ISDIR(status.st_mode) || !is_roots(status.st_uid)) return Done{};
    return check(at_, status, nullptr);
  }

  static Error refusal(const std::string& here, const std::string& what) {
    return {ErrorCode::InvalidInput, shown(here) + ": " + what};
  }

  const std::string wanted_;
  const PathEnd end_;
  std::deque<std::string> names_;  // still to go
  std::string at_;                 // where we are; "" is "/"
  int links_ = 0;
};

}  // namespace

Result<std::string> guarded_path(const std::string& path, PathEnd end) {
  if (geteuid() != 0) return path;
  std::error_code code;
  const auto absolute = std::filesystem::absolute(path, code);
  if (code) return failure(path, code.value());
  return Walk(absolute, end).run();
}

}  // namespace twinlock
