// SPDX-License-Identifier: MIT
#include "daemon/settings_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "common/descriptor.h"
#include "common/encoding.h"

namespace twinlock {
namespace {

constexpr std::size_t kMaxFileBytes = 1024UL * 1024UL;

std::string shown(const std::string& file) { return escaped(file, file.size() * 4 + 3); }

std::string remedy(int code, const std::string& file) {
  if (code == ENOENT) return "; --config names another file, and twinlock.toml(5) has an example";
  if (code == EACCES) {
    return "; the user of twinlockd has to be able to read it, and to enter its directories: "
           "chmod a+r " +
           shown(file) + " (there is no secret in it)";
  }
  return "";
}

Error cannot_be_read(const std::string& file, int code) {
  return {ErrorCode::Unavailable,
          shown(file) + ": can't be read: " +
              std::error_code(code, std::generic_category()).message() + remedy(code, file)};
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a pipe (FIFO)";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

Error not_allowed(const std::string& file, const std::string& found, const std::string& allowed) {
  return {ErrorCode::InvalidInput, shown(file) + ": found " + found + "; allowed: " + allowed};
}

Result<std::string> read_to_the_end(int descriptor, const std::string& file) {
  std::string text(kMaxFileBytes + 1, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const auto got = read(descriptor, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_be_read(file, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled > kMaxFileBytes) return not_allowed(file, "more than 1 MiB", "up to 1 MiB");
  text.resize(filled);
  return text;
}

}  // namespace

Result<std::string> read_settings_file(const std::string& file) {
  // O_NONBLOCK: to open a pipe that nobody writes to would wait for a writer.
  const Descriptor in(open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  const int code = errno;
  struct stat status {};
  // A socket can't be opened, nor a device that nothing is behind: what is there says more.
  const bool is_there =
      in.get() >= 0 ? fstat(in.get(), &status) == 0 : stat(file.c_str(), &status) == 0;
  if (is_there && !S_ISREG(status.st_mode)) {
    return not_allowed(file, kind_of(status.st_mode), "a regular file");
  }
  if (in.get() < 0) return cannot_be_read(file, code);
  return read_to_the_end(in.get(), file);
}

}  // namespace twinlock
