// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_FAKES_TEMPORARY_DIRECTORY_H
#define TWINLOCK_TESTS_FAKES_TEMPORARY_DIRECTORY_H

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace twinlock {

// A directory of one's own that is gone, with all that is in it, at the end. In memory where that
// is possible: a test that syncs a thousand times shouldn't wait for a disk.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::error_code none;
    const bool in_memory = std::filesystem::is_directory("/dev/shm", none);
    const std::filesystem::path parent =
        in_memory ? "/dev/shm" : std::filesystem::temp_directory_path();
    auto name = (parent / "twinlock-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace twinlock

#endif
