// SPDX-License-Identifier: MIT
#include "daemon/store/key_uses.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "common/counted.h"
#include "common/encoding.h"
#include "daemon/store/epoch_file.h"
#include "daemon/store/schema.h"
#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;
using sqlite::Sql;
using sqlite::Statement;

constexpr std::size_t kMostNames = 10;
constexpr std::int64_t kVersionWithDetails = 4;   // of the schema
constexpr std::int64_t kVersionWithSettings = 5;  // of the schema
constexpr std::size_t kLongestName = 64;          // of what somebody else may have written

template <typename F>
Status read_all(Database& database, Sql sql, F take) {
  auto row = database.prepare(sql);
  return sqlite::for_each_row(row, take);
}

Status read_marks(Database& database, const KeyOf& key_of, KeyUses& uses) {
  auto row = database.prepare(
      "SELECT canary, floor_key, floor_sequence FROM settings, audit_head"
      " WHERE settings.id = 1 AND audit_head.id = 1");
  const auto next = row.step();
  if (!next) return next.error();
  if (*next == Next::End) return Error{ErrorCode::Unavailable, "the store lost its settings"};
  const auto canary = key_of(row.blob(0));
  if (!canary) return canary.error();
  uses.sealing = *canary;
  uses.of[*canary].marks = true;
  if (row.integer(2) > 0) uses.of[row.number<KeyId>(1)].marks = true;
  return Done{};
}

Result<std::int64_t> schema_version(Database& database) {
  auto version = database.prepare("PRAGMA user_version");
  const auto next = version.step();
  if (!next) return next.error();
  return version.integer(0);
}

// None in a store that no daemon of this version has opened yet.
Status read_details(Database& database, KeyUses& uses) {
  const auto version = schema_version(database);
  if (!version) return version.error();
  if (*version < kVersionWithDetails) return Done{};
  const auto add = [&uses](Statement& row) {
    uses.of[row.number<KeyId>(0)].details += row.integer(1);
  };
  auto read = read_all(database, "SELECT key, count(*) FROM method_data GROUP BY key", add);
  if (!read) return read;
  return read_all(database,
                  "SELECT key, count(*) FROM user_record WHERE profile IS NOT NULL GROUP BY key",
                  add);
}

// The same.
Status read_sealed_settings(Database& database, const KeyOf& key_of, KeyUses& uses) {
  const auto version = schema_version(database);
  if (!version) return version.error();
  if (*version < kVersionWithSettings) return Done{};
  auto row = database.prepare(
      "SELECT fields FROM setting_group UNION ALL SELECT private_key FROM signing_key");
  while (true) {
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End) return Done{};
    const auto key = key_of(row.blob(0));
    if (!key) return key.error();
    ++uses.of[*key].settings;
  }
}

Status read_rows(Database& database, const KeyOf& key_of, KeyUses& uses) {
  auto read =
      read_all(database,
               "SELECT key, count(*) FROM method WHERE seed IS NOT NULL GROUP BY key",
               [&uses](Statement& row) { uses.of[row.number<KeyId>(0)].seeds = row.integer(1); });
  if (!read) return read;
  read = read_all(database,
                  "SELECT key, owner FROM method WHERE seed IS NULL AND key <> 0",
                  [&uses](Statement& row) {
                    uses.of[row.number<KeyId>(0)].recovery_codes_of.insert(row.text(1));
                  });
  if (!read) return read;
  if (read = read_details(database, uses); !read) return read;
  read = read_sealed_settings(database, key_of, uses);
  if (!read) return read;
  return read_all(
      database, "SELECT key, count(*) FROM audit GROUP BY key", [&uses](Statement& row) {
        uses.of[row.number<KeyId>(0)].audit_records = row.integer(1);
      });
}

enum class Daemon { Away, MayRun };

Database::Access access_to_read(const std::string& path, Daemon daemon) {
  if (!sqlite::has_log(path)) return Database::Access::Frozen;
  return daemon == Daemon::Away ? Database::Access::Look : Database::Access::Read;
}

Result<Occupancy> take_seat(const std::string& path, LockFile::Missing missing) {
  auto file = LockFile::open(path, missing);
  if (!file) return file.error();
  auto entered = Occupancy::enter(*std::move(file), path, {Seat::Command});
  if (!entered) return entered.error();
  auto seat = *std::move(entered);
  seat.settle();
  return seat;
}

// Our own seat is none of a daemon's.
std::vector<Occupant> daemons_at(const std::string& path) {
  const auto file = LockFile::open(path, LockFile::Missing::Refused);
  if (!file) return {};
  auto found = occupants_of(*file);
  std::erase_if(found, [](const Occupant& one) { return one.seat == Seat::Command; });
  return found;
}

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ", ") + item;
}

}  // namespace

Result<KeyUses> key_uses_in(Database& database, const KeyOf& key_of) {
  // All of it of one moment: a daemon may be sealing anew.
  return sqlite::in_one_snapshot(database, [&]() -> Result<KeyUses> {
    KeyUses uses;
    auto read = read_marks(database, key_of, uses);
    if (read) read = read_rows(database, key_of, uses);
    if (!read) return read.error();
    return uses;
  });
}

Result<KeyUses> read_key_uses(const std::string& directory,
                              const KeyOf& key_of,
                              LockFile::Missing missing_lock) {
  std::error_code code;
  const auto real = std::filesystem::canonical(directory, code).string();
  if (code) return Error{ErrorCode::Unavailable, directory + ": " + code.message()};
  const auto path = real + "/store.db";
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, code))) {
    return Error{ErrorCode::Unavailable, path + ": is missing, or not a regular file"};
  }
  auto seat = take_seat(real + "/lock", missing_lock);
  auto opened = Database::open(path, access_to_read(path, seat ? Daemon::Away : Daemon::MayRun));
  if (!opened) return Error{ErrorCode::Unavailable, path + ": " + opened.error().detail};
  auto database = *std::move(opened);
  const auto content = sqlite::check_identity(database, path);
  if (!content) return content.error();
  if (*content == sqlite::Content::Empty) {
    return Error{ErrorCode::Unavailable, path + ": is empty, so nobody can tell"};
  }
  auto read = key_uses_in(database, key_of);
  if (!read) return Error{ErrorCode::Unavailable, path + ": " + read.error().detail};
  auto uses = *std::move(read);
  const auto epoch = EpochFile(real + "/epoch").key();
  if (!epoch) return epoch.error();
  uses.of[*epoch].marks = true;
  uses.daemons = daemons_at(real + "/lock");
  if (seat) uses.seat.emplace(*std::move(seat));
  return uses;
}

std::string text_of(const KeyUse& use) {
  std::string text;
  if (use.seeds > 0) append(text, counted(use.seeds, "seed"));
  if (use.details > 0) append(text, counted(use.details, "sealed detail"));
  if (!use.recovery_codes_of.empty()) {
    std::string names;
    std::size_t left = kMostNames;
    for (const auto& name : use.recovery_codes_of) {
      if (left-- == 0) break;
      append(names, escaped(name, kLongestName));
    }
    const auto total = use.recovery_codes_of.size();
    if (total > kMostNames) append(names, std::to_string(total - kMostNames) + " more");
    append(text, "recovery codes of " + names);
  }
  if (use.settings > 0) append(text, counted(use.settings, "sealed setting"));
  if (use.audit_records > 0) append(text, counted(use.audit_records, "audit record"));
  if (use.marks) append(text, "the store's own seals");
  return text;
}

Result<std::map<KeyId, KeyUse>> SqliteStore::key_uses() {
  return reading([this](Database& database) -> Result<std::map<KeyId, KeyUse>> {
    auto uses = key_uses_in(database, [this](auto sealed) { return keys_.key_of(sealed); });
    if (!uses) return uses.error();
    return (*std::move(uses)).of;
  });
}

}  // namespace twinlock
