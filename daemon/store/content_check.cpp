// SPDX-License-Identifier: MIT
#include "daemon/store/content_check.h"

#include <sys/stat.h>

#include <optional>

#include "daemon/store/audit_chain.h"

namespace twinlock {
namespace {

constexpr const char* kRestored =
    "If it was restored on purpose, run: twinlockd accept-restored-store";

Error problem(const std::string& path, const std::string& what) {
  return {ErrorCode::Unavailable, path + ": " + what};
}

Result<std::uint64_t> floor_of(sqlite::Database& database) {
  auto row = database.prepare("SELECT floor_sequence FROM audit_head WHERE id = 1");
  const auto next = row.step();
  if (!next) return next.error();
  return *next == sqlite::Next::Row ? row.number<std::uint64_t>(0) : 0;
}

// Everything that has to be true of the database before it is used; what it holds.
Result<sqlite::Content> check(sqlite::Database& database,
                              const std::string& path,
                              KeyRing& keys,
                              bool ended_in_order) {
  const auto content = sqlite::check_identity(database, path);
  if (!content) return content.error();
  if (*content == sqlite::Content::Empty) return *content;
  if (!ended_in_order) {
    if (const auto sound = sqlite::check_soundness(database, path); !sound) return sound.error();
  }
  if (const auto whole = sqlite::check_schema(database, path); !whole) return whole.error();
  if (const auto fits = sqlite::check_key(database, path, keys); !fits) return fits.error();
  return *content;
}

// SQLite writes to the files beside a database that it opens in the usual way, even to read it, and
// deletes the log of an empty one. A store that is refused is left as it was.
sqlite::Database::Access access_to_look(const std::string& path) {
  using Access = sqlite::Database::Access;
  struct stat status {};
  const bool is_empty = lstat(path.c_str(), &status) == 0 && status.st_size == 0;
  return sqlite::has_log(path) && !is_empty ? Access::Look : Access::Frozen;
}

// Whether the database stands where the second file says that it stood, or further on (S121).
// `epoch` was read before: another process may take both further meanwhile.
Status check_epoch(sqlite::Database& database,
                   const std::string& path,
                   const EpochFile& file,
                   const Result<Epoch>& epoch) {
  const auto head = read_audit_head(database);
  if (!head) return sqlite::unusable(path, head.error());
  if (!file.exists()) {
    // Nothing has ever been recorded: the very first start was interrupted.
    if (head->sequence == 0) return Done{};
    return problem(file.path(),
                   std::string("is missing: without it nobody can tell "
                               "whether the store is an old copy. ") +
                       kRestored);
  }
  if (!epoch) return problem(file.path(), epoch.error().detail + ". " + kRestored);
  if (head->sequence < epoch->sequence) {
    return problem(path,
                   "the store is an old copy: it ends at audit record " +
                       std::to_string(head->sequence) + ", it was at " +
                       std::to_string(epoch->sequence) + " before. " + kRestored);
  }
  if (epoch->sequence == 0) return Done{};
  const auto floor = floor_of(database);
  if (!floor) return sqlite::unusable(path, floor.error());
  if (epoch->sequence < *floor) return Done{};  // the file lags, and retention has gone past it
  const auto mac = epoch->sequence == head->sequence ? Result(std::optional(head->mac))
                                                     : mac_at(database, epoch->sequence);
  if (!mac) return sqlite::unusable(path, mac.error());
  if (*mac == epoch->mac) return Done{};
  return problem(path,
                 "the store is not the one that was here: audit record " +
                     std::to_string(epoch->sequence) + " differs. " + kRestored);
}

// Where the lock for it can't be had, because a shell or a backup of root's has the file open, the
// index of the log is in use already, and shared: logins don't wait for the other to end.
Result<sqlite::Database> open_to_look(const std::string& path) {
  using Access = sqlite::Database::Access;
  const auto access = access_to_look(path);
  auto opened = sqlite::Database::open(path, access);  // an exclusive look reads already
  const bool is_in_use = !opened && opened.error().code == ErrorCode::Unavailable;
  return is_in_use && access == Access::Look ? sqlite::Database::open(path, Access::Write)
                                             : std::move(opened);
}

}  // namespace

Result<sqlite::Content> check_content(const std::string& path,
                                      const EpochFile& epoch_file,
                                      const CleanEndNote& clean_end,
                                      OldCopy old_copy,
                                      KeyRing& keys) {
  const bool ended_in_order = clean_end.holds(keys);
  auto opened = open_to_look(path);
  if (!opened) return sqlite::unusable(path, opened.error());
  auto database = *std::move(opened);
  const auto content = check(database, path, keys, ended_in_order);
  if (!content) return content.error();
  if (*content == sqlite::Content::Empty) {
    if (epoch_file.exists()) {
      return problem(path,
                     std::string("the store is empty, but there was one before. ") +
                         "Put a backup in its place. " + kRestored);
    }
  } else if (old_copy == OldCopy::Refused) {
    const auto newest = check_epoch(database, path, epoch_file, epoch_file.read(keys));
    if (!newest) return newest.error();
  }
  return *content;
}

Status check_content_in_use(const std::string& path,
                            const EpochFile& epoch_file,
                            const Result<Epoch>& epoch,
                            KeyRing& keys) {
  auto opened = sqlite::Database::open(path, sqlite::Database::Access::Read);
  if (!opened) return sqlite::unusable(path, opened.error());
  auto database = *std::move(opened);
  if (const auto same = sqlite::check_version(database, path); !same) return same;
  if (const auto whole = sqlite::check_schema(database, path); !whole) return whole;
  if (const auto fits = sqlite::check_key(database, path, keys); !fits) return fits;
  return check_epoch(database, path, epoch_file, epoch);
}

}  // namespace twinlock
