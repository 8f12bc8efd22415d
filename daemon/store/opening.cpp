// SPDX-License-Identifier: MIT
#include "daemon/store/opening.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "daemon/store/reserve_file.h"
#include "daemon/store/write_turn.h"

namespace twinlock {
namespace {

Error problem(const std::string& path, const std::string& what) {
  return {ErrorCode::Unavailable, path + ": " + what};
}

std::string errno_text() { return std::error_code(errno, std::generic_category()).message(); }

// A store that was made unasked would let everybody in that is only asked since it was set up.
Error no_store(const std::string& path) {
  return problem(
      path,
      "there is no store. If this machine had one, mount its disk or put a backup in its "
      "place; on a new machine make one with: twinlockd create-store");
}

// Makes `path` ours, to be run by root.
std::string to_make_ours(const std::string& path, const char* mode) {
  return "; run: chown " + std::to_string(geteuid()) + ' ' + path + " && chmod " + mode + ' ' +
         path;
}

std::string whose(const struct stat& status) {
  return "belongs to uid " + std::to_string(status.st_uid) + ", not to uid " +
         std::to_string(geteuid()) + " that twinlockd runs as";
}

// SQLite would be content with reading, and every write would fail later.
Status check_owner(const std::string& path, const struct stat& status) {
  constexpr mode_t kReadAndWrite = S_IRUSR | S_IWUSR;
  if (status.st_uid != geteuid()) return problem(path, whose(status) + to_make_ours(path, "600"));
  if ((status.st_mode & kReadAndWrite) != kReadAndWrite) {
    return problem(path, "its owner may not read and write it; run: chmod 600 " + path);
  }
  return Done{};
}

// An existing file must be ours alone (S119): what others could write, we can't believe.
Status check_file(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return problem(path, errno_text());
  if (!S_ISREG(status.st_mode)) return problem(path, "is not a regular file");
  if (const auto ours = check_owner(path, status); !ours) return ours.error();
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return problem(path, "is open to others than its owner; run: chmod 600 " + path);
  }
  return Done{};
}

// What stands beside the database, as a start as root leaves it. What can't be looked at shows when
// it is opened.
Status check_files_beside(const std::string& directory) {
  for (const char* name :
       {"lock", "epoch", "clean", "reserve", "store.db-wal", "store.db-shm", "store.db-journal"}) {
    const auto path = directory + '/' + name;
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) continue;
    if (!S_ISREG(status.st_mode)) return problem(path, "is not a regular file; move it away");
    if (const auto ours = check_owner(path, status); !ours) return ours.error();
  }
  return Done{};
}

// Whether we may make files in it.
Status check_use(const std::string& directory, const struct stat& status) {
  if (faccessat(AT_FDCWD, directory.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0) return Done{};
  if (errno == EROFS) {
    return problem(directory,
                   "is mounted read-only; run: mount -o remount,rw \"$(findmnt -nro TARGET -T " +
                       directory +
                       ")\". Where it is only for the unit that it can't be written to, "
                       "run: systemctl edit twinlockd, and add: [Service] ReadWritePaths=" +
                       directory);
  }
  if (errno != EACCES) return problem(directory, errno_text());
  if (status.st_uid != geteuid()) {
    return problem(directory, whose(status) + to_make_ours(directory, "700"));
  }
  return problem(directory, "its owner may not make files in it; run: chmod 700 " + directory);
}

// Whoever may write to the directory may put another store in the place of ours (S119).
Status check_directory(const std::string& directory) {
  struct stat status {};
  if (stat(directory.c_str(), &status) != 0) return problem(directory, errno_text());
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return problem(directory,
                   whose(status) + ", and who owns it could put another store there" +
                       to_make_ours(directory, "700"));
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return problem(directory,
                   "others than its owner may write to it, and could put another store there; "
                   "run: chmod 700 " +
                       directory);
  }
  return check_use(directory, status);
}

Status make_file(const std::string& directory, const std::string& path) {
  const int fd =
      open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return problem(path, errno_text());
  close(fd);
  const int parent = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return problem(directory, errno_text());
  const int synced = fsync(parent);
  close(parent);
  return synced == 0 ? Status(Done{}) : Status(problem(directory, errno_text()));
}

Status find_or_make(const std::string& directory,
                    const std::string& path,
                    const EpochFile& epoch,
                    Creation creation) {
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0) return check_file(path);
  if (errno != ENOENT) return problem(path, errno_text());
  // An empty store would mean that nobody is enrolled (S134).
  if (epoch.exists()) {
    return problem(path,
                   "the store is missing, but " + epoch.path() +
                       " says that there was one; put the file or a backup back, then run: "
                       "twinlockd accept-restored-store. To start anew with nobody "
                       "enrolled, delete " +
                       epoch.path());
  }
  if (creation == Creation::Refused) return no_store(path);
  return make_file(directory, path);
}

Result<Occupancy> enter(const std::string& path, const std::vector<Seat>& seats) {
  auto file = LockFile::open(path);
  if (!file) return file.error();
  return Occupancy::enter(*std::move(file), path, seats);
}

Status look_alone(const std::string& path,
                  const EpochFile& epoch,
                  const CleanEndNote& clean_end,
                  OldCopy old_copy,
                  Creation creation,
                  KeyRing& keys) {
  const auto content = check_content(path, epoch, clean_end, old_copy, keys);
  if (!content) return content.error();
  if (*content == sqlite::Content::Empty && creation == Creation::Refused) return no_store(path);
  return Done{};
}

Status look_beside(const std::string& path,
                   EpochFile& epoch,
                   const LockFile& locks,
                   KeyRing& keys) {
  const WriteTurn turn(locks);
  if (const auto ours = turn.take(); !ours) return ours;
  const auto noted = epoch.read(keys);
  turn.give_up();
  if (const auto sound = check_content_in_use(path, epoch, noted, keys); !sound) return sound;
  return epoch.join();
}

}  // namespace

Result<OpenedFiles> open_files(const std::string& directory,
                               Creation creation,
                               OldCopy old_copy,
                               KeyRing& keys,
                               const std::vector<Seat>& seats) {
  std::error_code code;
  // SQLite follows no symbolic link anywhere in the path; one in the administrator's is fine.
  const auto real = std::filesystem::canonical(directory, code).string();
  if (code == std::errc::no_such_file_or_directory) {
    return problem(directory,
                   code.message() + "; make the directory of the store first: install -d -o " +
                       std::to_string(geteuid()) + " -m 700 " + directory);
  }
  if (code) return problem(directory, code.message());
  if (const auto ours = check_directory(real); !ours) return ours.error();
  const auto path = real + "/store.db";
  EpochFile epoch(real + "/epoch");
  CleanEndNote clean_end(real + "/clean", path);

  if (const auto ours = check_files_beside(real); !ours) return ours.error();
  auto entered = enter(real + "/lock", seats);
  if (!entered) return entered.error();
  auto occupancy = *std::move(entered);
  ReserveFile::make_room_to_start(real + "/reserve");
  if (const auto found = find_or_make(real, path, epoch, creation); !found) return found.error();
  const auto content = occupancy.is_first()
                           ? look_alone(path, epoch, clean_end, old_copy, creation, keys)
                           : look_beside(path, epoch, occupancy.file(), keys);
  if (!content) return content.error();
  auto opened = sqlite::Database::open(path, sqlite::Database::Access::Write);
  if (!opened) return sqlite::unusable(path, opened.error());
  return OpenedFiles{.directory = real,
                     .path = path,
                     .occupancy = std::move(occupancy),
                     .database = *std::move(opened),
                     .epoch = std::move(epoch),
                     .clean_end = std::move(clean_end)};
}

bool is_open_to_others(const std::string& directory) {
  struct stat status {};
  return stat(directory.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

}  // namespace twinlock
