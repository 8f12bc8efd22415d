// SPDX-License-Identifier: MIT
#include "daemon/system/key_file.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "common/descriptor.h"

namespace twinlock {
namespace {

constexpr std::size_t kMaxFileSize = 64UL * 1024UL;
constexpr KeyId kMaxKeyId = 65535;
constexpr std::size_t kHexSize = 2 * kMasterKeySize;
constexpr std::chrono::milliseconds kTurn{20};
constexpr int kTurnsToWait = 250;  // five seconds

std::string errno_text(int code) {
  return std::error_code(code, std::generic_category()).message();
}

Error problem(const std::string& path, std::string_view what) {
  return {ErrorCode::InvalidInput, "master key file " + path + ": " + std::string(what)};
}

Error line_problem(const std::string& path, int line, std::string_view what) {
  return problem(path, "line " + std::to_string(line) + ": " + std::string(what));
}

std::uint16_t le16(const std::uint8_t* p) { return static_cast<std::uint16_t>(p[0] | p[1] << 8); }
std::uint32_t le32(const std::uint8_t* p) {
  return le16(p) | static_cast<std::uint32_t>(le16(p + 2)) << 16;
}

// With an access control list the group bits of the mode are the list's mask (acl(5)): systemd
// shows a credential to its service that way. Whether the list lets in our user and nobody else.
bool acl_admits_only_us(int fd) {
  std::array<std::uint8_t, 256> list{};
  const auto size = fgetxattr(fd, "system.posix_acl_access", list.data(), list.size());
  if (size < 4 || le32(list.data()) != 2) return false;
  for (std::size_t at = 4; at + 8 <= static_cast<std::size_t>(size); at += 8) {
    const auto tag = le16(&list[at]);
    const auto permissions = le16(&list[at + 2]);
    const bool owner = tag == 0x01;
    const bool mask = tag == 0x10;
    const bool us = tag == 0x02 && le32(&list[at + 4]) == geteuid();
    if (!owner && !mask && !us && permissions != 0) return false;
  }
  return true;
}

// Root may change the file of twinlockd's user, whoever that is; the daemon believes only its own.
enum class OwnedBy { UsOrRoot, Anybody };

OwnedBy owner_wanted_for_a_change() {
  return geteuid() == 0 ? OwnedBy::Anybody : OwnedBy::UsOrRoot;
}

Status check_access(const std::string& path, int fd, const struct stat& status, OwnedBy owned_by) {
  if (!S_ISREG(status.st_mode)) return problem(path, "is not a regular file");
  const bool is_ours = status.st_uid == 0 || status.st_uid == geteuid();
  if (!is_ours && owned_by != OwnedBy::Anybody) {
    return problem(path,
                   "belongs to uid " + std::to_string(status.st_uid) +
                       "; make root or the user of twinlockd its owner (chown)");
  }
  const bool others = (status.st_mode & (S_IRWXO | S_IWGRP | S_IXGRP)) != 0;
  const bool group = (status.st_mode & S_IRGRP) != 0 && !acl_admits_only_us(fd);
  if (others || group) {
    return problem(path,
                   "others than its owner may read or write it; run: chmod 0400 " + path +
                       ", and add a new key, since this one may be known");
  }
  return Done{};
}

std::string remedy(int code, const std::string& path) {
  if (code == ENOENT) {
    return "; restore it from where it is kept, or make one for a new store with: twinlockd "
           "generate-key " +
           path;
  }
  if (code == EACCES) {
    return "; it has to belong to the user of twinlockd, with mode 0400, in directories that this "
           "user may enter; run: chown twinlock " +
           path + " && chmod 0400 " + path + ", or give it as a systemd credential (twinlockd(8))";
  }
  return "";
}

Result<LockedBytes> read_whole(const std::string& path, OwnedBy owned_by) {
  const Descriptor file(
      open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (file.get() < 0) {
    const int code = errno;
    return Error{ErrorCode::Unavailable,
                 "master key file " + path + ": " + errno_text(code) + remedy(code, path)};
  }
  struct stat status {};
  if (fstat(file.get(), &status) != 0) return problem(path, errno_text(errno));
  if (const auto checked = check_access(path, file.get(), status, owned_by); !checked)
    return checked.error();
  if (status.st_size == 0) return problem(path, "is empty; restore it from where it is kept");
  if (static_cast<std::size_t>(status.st_size) > kMaxFileSize) {
    return problem(path, "is longer than 64 KiB; is it a key file?");
  }
  LockedBytes content(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  while (filled < content.bytes().size()) {
    const auto rest = content.bytes().subspan(filled);
    const auto got = read(file.get(), rest.data(), rest.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return problem(path, "can't be read to its end");
    filled += static_cast<std::size_t>(got);
  }
  return content;
}

std::string_view next_word(std::string_view& line) {
  const auto start = std::min(line.find_first_not_of(" \t"), line.size());
  line.remove_prefix(start);
  const auto end = std::min(line.find_first_of(" \t"), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

// Not encoding.h's decoder: this one writes into locked memory and nowhere else.
bool decode_key(std::string_view hex, std::span<std::uint8_t> key) {
  if (hex.size() != kHexSize) return false;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char* first = hex.data() + 2 * i;
    const auto [end, error] = std::from_chars(first, first + 2, key[i], 16);
    if (error != std::errc() || end != first + 2) return false;
  }
  return true;
}

Result<MasterKeys> parse(const std::string& path, std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  MasterKeys keys{.ids = {}, .bytes = LockedBytes(lines * kMasterKeySize)};
  for (int number = 1; !text.empty(); ++number) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto first = next_word(line);
    if (first.empty() || first.front() == '#') continue;

    KeyId id = 0;
    const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), id);
    if (error != std::errc() || end != first.data() + first.size() || id == 0 || id > kMaxKeyId) {
      return line_problem(path, number, "must start with a key id from 1 to 65535");
    }
    if (!keys.ids.empty() && id <= keys.ids.back()) {
      return line_problem(path, number, "key ids must rise from line to line");
    }
    const auto slot = keys.bytes.bytes().subspan(keys.ids.size() * kMasterKeySize, kMasterKeySize);
    if (!decode_key(next_word(line), slot)) {
      return line_problem(path, number, "the key must be 64 hexadecimal digits; restore the file");
    }
    if (std::all_of(slot.begin(), slot.end(), [](auto byte) { return byte == 0; })) {
      return line_problem(path, number, "a key of zeros is no key; restore the file");
    }
    keys.ids.push_back(id);
  }
  if (keys.ids.empty()) return problem(path, "holds no key; restore it from where it is kept");
  return keys;
}

std::string_view text_of(const LockedBytes& content) {
  return {reinterpret_cast<const char*>(content.bytes().data()), content.bytes().size()};
}

// "7 <key> 2026-01-31T12:00:00Z\n", in locked memory.
LockedBytes new_line(KeyId id, WallTime now) {
  LockedBytes key(kMasterKeySize);
  if (RAND_priv_bytes(key.bytes().data(), static_cast<int>(kMasterKeySize)) != 1) {
    throw std::runtime_error("the random number generator failed");  // S116: no second source
  }
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> when{};
  const auto length = std::strftime(when.data(), when.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  const auto prefix = std::to_string(id) + " ";
  const auto suffix = " " + std::string(when.data(), length) + "\n";

  LockedBytes line(prefix.size() + kHexSize + suffix.size());
  auto* out = std::copy(prefix.begin(), prefix.end(), line.bytes().data());
  for (const auto byte : key.bytes()) {
    *out++ = static_cast<std::uint8_t>("0123456789abcdef"[byte >> 4]);
    *out++ = static_cast<std::uint8_t>("0123456789abcdef"[byte & 15]);
  }
  std::copy(suffix.begin(), suffix.end(), out);
  return line;
}

Status write_parts(int fd, const std::string& path, const std::vector<std::string_view>& parts) {
  for (auto part : parts) {
    while (!part.empty()) {
      const auto written = write(fd, part.data(), part.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return Error{ErrorCode::Unavailable, path + ": " + errno_text(errno)};
      part.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  if (fsync(fd) != 0) return Error{ErrorCode::Unavailable, path + ": " + errno_text(errno)};
  return Done{};
}

void sync_directory_of(const std::string& path) {
  auto parent = std::filesystem::path(path).parent_path();
  if (parent.empty()) parent = ".";
  const Descriptor directory(open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) (void)fsync(directory.get());
}

Status write_new(const std::string& path,
                 const std::vector<std::string_view>& parts,
                 const struct stat* like) {
  const Descriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR));
  if (file.get() < 0) {
    const int code = errno;
    if (code == EEXIST) {
      return Error{ErrorCode::Conflict,
                   "master key file " + path +
                       ": it is there already, and a store may need it; rotate-key adds a new key, "
                       "or name another file"};
    }
    return Error{ErrorCode::Unavailable, "master key file " + path + ": " + errno_text(code)};
  }
  if (like != nullptr && geteuid() == 0 && fchown(file.get(), like->st_uid, like->st_gid) != 0) {
    return Error{ErrorCode::Unavailable, path + ": " + errno_text(errno)};
  }
  return write_parts(file.get(), path, parts);
}

// Puts a file of `parts` in the place of `path`, with the same owner.
Status replace(const std::string& path, const std::vector<std::string_view>& parts) {
  struct stat old {};
  if (lstat(path.c_str(), &old) != 0) return problem(path, errno_text(errno));
  const auto fresh = path + ".new";
  unlink(fresh.c_str());  // of an attempt that was interrupted: nothing was sealed under it yet
  const auto written = write_new(fresh, parts, &old);
  if (!written || rename(fresh.c_str(), path.c_str()) != 0) {
    const Error error =
        written ? Error{ErrorCode::Unavailable, path + ": " + errno_text(errno)} : written.error();
    unlink(fresh.c_str());
    return error;
  }
  sync_directory_of(path);
  return Done{};
}

// Of two who change the file, the second waits and sees what the first has made of it; not for
// ever, since whoever owns the file can lock it too. An empty one where it can't be opened, which
// reading it then tells better.
Result<std::unique_ptr<Descriptor>> lock_for_change(const std::string& path) {
  for (int turn = 0; turn < kTurnsToWait; ++turn) {
    auto file = std::make_unique<Descriptor>(
        open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (file->get() < 0) return std::unique_ptr<Descriptor>();
    struct stat locked {};
    struct stat now {};
    if (fstat(file->get(), &locked) != 0) return problem(path, errno_text(errno));
    if (flock(file->get(), LOCK_EX | LOCK_NB) == 0) {
      if (lstat(path.c_str(), &now) != 0 || now.st_ino == locked.st_ino) return file;
    } else {
      std::this_thread::sleep_for(kTurn);
    }
  }
  return problem(path, "another program holds it; see which with: fuser -v " + path);
}

}  // namespace

Result<MasterKeys> read_key_file(const std::string& path) {
  const auto content = read_whole(path, OwnedBy::UsOrRoot);
  if (!content) return content.error();
  return parse(path, text_of(*content));
}

Result<std::vector<KeyId>> key_ids(const std::string& path) {
  const auto content = read_whole(path, owner_wanted_for_a_change());
  if (!content) return content.error();
  const auto keys = parse(path, text_of(*content));
  if (!keys) return keys.error();
  return keys->ids;
}

Status create_key_file(const std::string& path, WallTime now) {
  constexpr std::string_view kHeading =
      "# Twinlock's master keys: id, key, when it was made. The last line is the current key.\n"
      "# Whoever reads this file can open every secret in the store; without it, nobody can.\n";
  const auto line = new_line(1, now);
  auto written = write_new(path, {kHeading, text_of(line)}, nullptr);
  if (written) {
    sync_directory_of(path);
  } else if (written.error().code != ErrorCode::Conflict) {
    unlink(path.c_str());
  }
  return written;
}

Result<KeyId> add_key(const std::string& path, WallTime now) {
  const auto lock = lock_for_change(path);
  if (!lock) return lock.error();
  const auto content = read_whole(path, owner_wanted_for_a_change());
  if (!content) return content.error();
  const auto keys = parse(path, text_of(*content));
  if (!keys) return keys.error();
  if (keys->ids.back() == kMaxKeyId) return problem(path, "has no key id left");
  const KeyId id = keys->ids.back() + 1;
  const auto line = new_line(id, now);
  const auto old = text_of(*content);
  const auto written = replace(path, {old, old.ends_with('\n') ? "" : "\n", text_of(line)});
  if (!written) return written.error();
  return id;
}

Status drop_key(const std::string& path, KeyId id) {
  const auto lock = lock_for_change(path);
  if (!lock) return lock.error();
  const auto content = read_whole(path, owner_wanted_for_a_change());
  if (!content) return content.error();
  const auto keys = parse(path, text_of(*content));
  if (!keys) return keys.error();
  if (keys->ids.back() == id) {
    return Error{ErrorCode::Conflict, "key " + std::to_string(id) + " is the current one"};
  }
  if (std::find(keys->ids.begin(), keys->ids.end(), id) == keys->ids.end()) {
    return Error{ErrorCode::NotFound, "there is no key " + std::to_string(id) + " in " + path};
  }
  const auto wanted = std::to_string(id);
  std::vector<std::string_view> kept;
  for (auto text = text_of(*content); !text.empty();) {
    const auto line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    text.remove_prefix(line.size());
    auto words = line;
    if (next_word(words) != wanted) kept.push_back(line);
  }
  return replace(path, kept);
}

}  // namespace twinlock
