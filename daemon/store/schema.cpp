// SPDX-License-Identifier: MIT
#include "daemon/store/schema.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "common/encoding.h"
#include "daemon/store/migrations.h"
#include "daemon/store/sealing.h"
#include "daemon/store/sqlite_reads.h"

namespace twinlock::sqlite {
namespace {

constexpr std::int64_t kApplicationId = 0x54774c6b;  // "TwLk"
constexpr std::size_t kLongestFinding = 300;         // it quotes what the file says

// Of what quick_check says, the finding: it heads what it found with "*** in database main ***".
std::string_view first_finding(std::string_view text) {
  constexpr std::string_view kHeading = "*** ";
  if (text.starts_with(kHeading))
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

Result<std::int64_t> number(Database& database, Sql sql) {
  auto statement = database.prepare(sql);
  const auto next = statement.step();
  if (!next) return next.error();
  return *next == Next::Row ? statement.integer(0) : 0;
}

struct Part {
  std::string kind;  // table, index, trigger, view
  std::string name;
  std::string text;  // the statement that made it
  bool operator==(const Part&) const = default;
};

Result<std::vector<Part>> read_parts(Database& database) {
  auto row = database.prepare("SELECT type, name, sql FROM sqlite_schema");
  return rows_of(row, [](const Statement& each) {
    return Part{.kind = each.text(0), .name = each.text(1), .text = each.text(2)};
  });
}

Error refusal(const std::string& path, const std::string& why) {
  return {ErrorCode::Unavailable, path + ": " + why};
}

Status insert_settings(Database& database, KeyRing& keys) {
  const auto canary = sealing::seal_canary(keys);
  if (!canary) return canary.error();
  // No factor is on in a new store (S151).
  auto insert =
      database.prepare("INSERT INTO settings (id, policy, factors, canary) VALUES (1, 0, 0, ?1)");
  const auto inserted = insert.bind(*canary).execute();
  if (!inserted) return inserted.error();
  return Done{};
}

Status migrate(Database& database, KeyRing& keys, std::size_t version) {
  const bool is_new = version == 0;
  for (const char* const migration : migrations().subspan(version)) {
    if (auto done = database.run_migration(migration); !done) return done;
  }
  return is_new ? insert_settings(database, keys) : Status(Done{});
}

}  // namespace

Error damaged(const std::string& path, const std::string& finding) {
  return refusal(path,
                 "the store is damaged (" + escaped(finding, kLongestFinding) +
                     "). It was left as it is. Move it away together with " + path + "-wal and " +
                     path + "-shm, put a backup in its place as " + path +
                     ", and run: twinlockd accept-restored-store");
}

Error unusable(const std::string& path, const Error& error) {
  if (error.code == ErrorCode::Internal) return damaged(path, error.detail);
  return refusal(
      path,
      "can't be used (" + error.detail +
          "). Nothing says that it is damaged: see that its disk has room and is mounted "
          "for writing, and that the directory and the files in it belong to the user of "
          "twinlockd");
}

Result<Content> check_identity(Database& database, const std::string& path) {
  const auto application = number(database, "PRAGMA application_id");
  if (!application) return unusable(path, application.error());
  const auto version = number(database, "PRAGMA user_version");
  if (!version) return unusable(path, version.error());
  const auto tables = number(database, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return unusable(path, tables.error());
  if (*application == 0 && *version == 0 && *tables == 0) return Content::Empty;

  if (*application != kApplicationId || *version < 1) {
    return refusal(path, "is not a store of Twinlock; name another file or directory");
  }
  const auto known = static_cast<std::int64_t>(migrations().size());
  if (*version > known) {
    return refusal(path,
                   "was written by a newer Twinlock (schema " + std::to_string(*version) +
                       ", this one knows " + std::to_string(known) +
                       "); install that version again. The store was left as it is");
  }
  return Content::Store;
}

Status check_version(Database& database, const std::string& path) {
  if (const auto ours = check_identity(database, path); !ours) return ours.error();
  const auto version = number(database, "PRAGMA user_version");
  if (!version) return unusable(path, version.error());
  const auto known = static_cast<std::int64_t>(migrations().size());
  if (*version == known) return Done{};
  return refusal(path,
                 "is in use by an older Twinlock (schema " + std::to_string(*version) +
                     ", this one knows " + std::to_string(known) +
                     "). Stop every twinlockd of this store, then start them again");
}

Status check_soundness(Database& database, const std::string& path) {
  const auto finding = database.query("PRAGMA quick_check(1)");
  if (!finding) return unusable(path, finding.error());
  if (*finding != "ok") return damaged(path, std::string(first_finding(*finding)));
  // The check has filled the cache with the whole store, in the order of the file.
  return database.run("PRAGMA shrink_memory");
}

Status check_schema(Database& database, const std::string& path) {
  const auto version = number(database, "PRAGMA user_version");
  if (!version) return unusable(path, version.error());
  auto model = Database::open(":memory:", Database::Access::Write);
  if (!model) return model.error();
  auto expected = *std::move(model);
  for (const char* const migration : migrations().first(static_cast<std::size_t>(*version))) {
    if (auto done = expected.run_migration(migration); !done) return done;
  }
  const auto wanted = read_parts(expected);
  if (!wanted) return wanted.error();
  const auto found = read_parts(database);
  if (!found) return unusable(path, found.error());
  for (const auto& part : *wanted) {
    if (std::find(found->begin(), found->end(), part) == found->end()) {
      return damaged(path, part.kind + " " + part.name + " is missing, or isn't what we made");
    }
  }
  for (const auto& part : *found) {
    if (std::find(wanted->begin(), wanted->end(), part) == wanted->end()) {
      return damaged(path, part.kind + " " + part.name + " is not ours");
    }
  }
  return Done{};
}

Status check_key(Database& database, const std::string& path, KeyRing& keys) {
  auto row = database.prepare("SELECT canary FROM settings WHERE id = 1");
  const auto next = row.step();
  if (!next) return unusable(path, next.error());
  if (*next == Next::End) return damaged(path, "its settings are missing");
  return sealing::check_canary(keys, row.blob(0));
}

Status bring_up_to_date(Database& database, KeyRing& keys) {
  const auto mode = database.query("PRAGMA journal_mode=WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") {
    return Error{ErrorCode::Unavailable, "the file system of the store has no shared memory"};
  }
  // Read again inside the transaction, where nobody can change it any more.
  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun;
  const auto version = number(database, "PRAGMA user_version");
  auto done = version ? migrate(database, keys, static_cast<std::size_t>(*version))
                      : Status(version.error());
  if (done) done = database.run("COMMIT");
  if (!done && database.in_transaction()) (void)database.run("ROLLBACK");
  return done;
}

}  // namespace twinlock::sqlite
