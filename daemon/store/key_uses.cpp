// SPDX-License-Identifier: MIT
#include "daemon/store/key_uses.h"

#include <filesystem>
#include <system_error>

#include "daemon/store/epoch_file.h"
#include "daemon/store/schema.h"
#include "daemon/store/sqlite_database.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;

Result<Database> open_to_read(const std::string& path) {
  // A log beside it means that a daemon runs, or was killed: then the log has a part of the store.
  std::error_code code;
  const bool has_log = std::filesystem::exists(path + "-wal", code);
  return Database::open(path, has_log ? Database::Access::Read : Database::Access::Frozen);
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

Status read_seeds(Database& database, KeyUses& uses) {
  auto row = database.prepare(
      "SELECT key, count(*) FROM method WHERE seed IS NOT NULL GROUP BY key ORDER BY key");
  while (true) {
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End) return Done{};
    uses.of[row.number<KeyId>(0)].seeds = row.integer(1);
  }
}

Status read_recovery_codes(Database& database, KeyUses& uses) {
  auto row = database.prepare("SELECT key, owner FROM method WHERE seed IS NULL");
  while (true) {
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End) return Done{};
    uses.of[row.number<KeyId>(0)].recovery_codes_of.insert(row.text(1));
  }
}

Status read_audit(Database& database, KeyUses& uses) {
  auto row = database.prepare("SELECT key, count(*) FROM audit GROUP BY key");
  while (true) {
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End) return Done{};
    uses.of[row.number<KeyId>(0)].audit_records = row.integer(1);
  }
}

}  // namespace

Result<KeyUses> read_key_uses(const std::string& directory, const KeyOf& key_of) {
  std::error_code code;
  const auto real = std::filesystem::canonical(directory, code).string();
  if (code) return Error{ErrorCode::Unavailable, directory + ": " + code.message()};
  const auto path = real + "/store.db";
  auto opened = open_to_read(path);
  if (!opened) return Error{ErrorCode::Unavailable, path + ": " + opened.error().detail};
  auto database = *std::move(opened);
  const auto content = sqlite::check_identity(database, path);
  if (!content) return content.error();
  if (*content == sqlite::Content::Empty) {
    return Error{ErrorCode::Unavailable, path + ": is empty, so nobody can tell"};
  }
  // All of it of one moment: a daemon may be sealing anew.
  if (const auto begun = database.run("BEGIN"); !begun) return begun.error();
  KeyUses uses;
  for (const auto& read : {read_marks(database, key_of, uses),
                           read_seeds(database, uses),
                           read_recovery_codes(database, uses),
                           read_audit(database, uses)}) {
    if (!read) return Error{ErrorCode::Unavailable, path + ": " + read.error().detail};
  }
  const auto epoch = EpochFile(real + "/epoch").key();
  if (!epoch) return epoch.error();
  uses.of[*epoch].marks = true;
  return uses;
}

}  // namespace twinlock
