// SPDX-License-Identifier: MIT
#include <limits>
#include <memory>
#include <utility>

#include "daemon/store/packing.h"
#include "daemon/store/sealing.h"
#include "daemon/store/sqlite_methods.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;
using sqlite::Statement;

// Of a row: owner, uid, created, updated, connection, version, profile, and whether it is blocked.
struct SealedRow {
  UserRecord record;
  sealing::Sealed profile;
};

SealedRow read_row(const Statement& row) {
  SealedRow read;
  read.record.owner = {row.text(0), row.number<Uid>(1)};
  read.record.created = row.time(2);
  read.record.updated = row.time(3);
  read.record.connection = row.text(4);
  read.record.version = row.integer(5);
  read.record.blocked = row.integer(7) != 0;
  const auto profile = row.blob(6);
  read.profile.assign(profile.begin(), profile.end());
  return read;
}

Result<UserRecord> open_row(KeyRing& keys, SealedRow row) {
  if (row.profile.empty()) return std::move(row.record);
  const auto packed = sealing::open_profile(keys, row.record.owner, row.profile);
  if (!packed) return packed.error();
  auto profile = packing::unpack_profile(packed->bytes());
  if (!profile) return profile.error();
  row.record.profile = *std::move(profile);
  return std::move(row.record);
}

Result<std::vector<UserRecord>> open_rows(KeyRing& keys, Result<std::vector<SealedRow>> rows) {
  if (!rows) return rows.error();
  std::vector<UserRecord> records;
  for (auto& row : *std::move(rows)) {
    auto record = open_row(keys, std::move(row));
    if (!record) return record.error();
    records.push_back(*std::move(record));
  }
  return records;
}

// A text by which a record is found, under every key; the one that is stored first.
using Digests = std::vector<KeyedDigest>;
using DigestOf = Result<KeyedDigest> (*)(KeyRing&, KeyId, std::string_view);

// Under every key of the ring: what was stored under a retired one is to be found, too.
Result<Digests> digests_of(KeyRing& keys, DigestOf digest_of, std::string_view text) {
  Digests digests;
  for (const KeyId key : keys.keys()) {
    const auto digest = digest_of(keys, key, text);
    if (!digest) return digest.error();
    digests.push_back(*digest);
  }
  return digests;
}

Result<Digests> digests_of(KeyRing& keys,
                           KeyId stored_under,
                           DigestOf digest_of,
                           const std::optional<std::string>& text) {
  if (!text) return Digests();
  const auto stored = digest_of(keys, stored_under, *text);
  if (!stored) return stored.error();
  auto digests = digests_of(keys, digest_of, *text);
  if (!digests) return digests;
  Digests all = *std::move(digests);
  all.insert(all.begin(), *stored);
  return all;
}

struct SealedRecord {
  UserRecord record;  // its profile is sealed: emptied here
  KeyId key;
  sealing::Sealed profile;
  Digests email;
  Digests username;
};

Result<SealedRecord> seal(KeyRing& keys, const UserRecord& record) {
  auto profile = sealing::seal_profile(keys, record.owner, packing::pack(record.profile));
  if (!profile) return profile.error();
  const auto key = keys.key_of(*profile);
  if (!key) return key.error();
  auto email = digests_of(keys, *key, sealing::email_digest, record.profile.email);
  if (!email) return email.error();
  auto username = digests_of(keys, *key, sealing::username_digest, record.profile.username);
  if (!username) return username.error();
  SealedRecord sealed{record, *key, *std::move(profile), *std::move(email), *std::move(username)};
  sealed.record.profile = {};
  return sealed;
}

std::optional<sqlite::Bytes> first_of(const Digests& digests) {
  if (digests.empty()) return std::nullopt;
  return sqlite::Bytes(digests.front().bytes);
}

Result<Claim> is_taken(Database& database, const SealedRecord& sealed) {
  const auto& record = sealed.record;
  const auto found = [&record](Statement row, const KeyedDigest& digest) -> Result<Claim> {
    row.bind(digest.bytes, record.connection, record.owner.name, record.owner.uid);
    const auto next = row.step();
    if (!next) return next.error();
    return *next == Next::Row ? Claim::Won : Claim::Lost;
  };
  for (const auto& digest : sealed.email) {
    const auto taken =
        found(database.prepare("SELECT 1 FROM user_record WHERE email = ?1 AND connection = ?2"
                               " AND (owner, uid) <> (?3, ?4)"),
              digest);
    if (!taken || *taken == Claim::Won) return taken;
  }
  for (const auto& digest : sealed.username) {
    const auto taken =
        found(database.prepare("SELECT 1 FROM user_record WHERE username = ?1 AND connection = ?2"
                               " AND (owner, uid) <> (?3, ?4)"),
              digest);
    if (!taken || *taken == Claim::Won) return taken;
  }
  return Claim::Lost;
}

Result<int> write_row(Database& database, const SealedRecord& sealed) {
  const auto& record = sealed.record;
  auto statement =
      record.version == 0
          ? database.prepare(
                "INSERT INTO user_record (owner, uid, version, created, updated, connection,"
                " email, username, key, profile)"
                " VALUES (?1, ?2, ?3 + 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING")
          : database.prepare(
                "UPDATE user_record SET version = ?3 + 1, created = ?4, updated = ?5,"
                " connection = ?6, email = ?7, username = ?8, key = ?9, profile = ?10"
                " WHERE owner = ?1 AND uid = ?2 AND version = ?3");
  const auto email = first_of(sealed.email);
  const auto username = first_of(sealed.username);
  statement.bind(record.owner.name, record.owner.uid, record.version, record.created);
  statement.bind(record.updated, record.connection, email, username);
  return statement.bind(sealed.key, sealed.profile).execute();
}

Status write_block(Database& database, const UserRecord& record) {
  auto statement =
      record.blocked
          ? database.prepare(
                "INSERT INTO blocked_user (owner, uid) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
          : database.prepare("DELETE FROM blocked_user WHERE owner = ?1 AND uid = ?2");
  const auto written = statement.bind(record.owner.name, record.owner.uid).execute();
  if (!written) return written.error();
  if (!record.blocked) return Done{};
  auto end = database.prepare("DELETE FROM conversation WHERE owner = ?1");
  const auto ended = end.bind(record.owner.name).execute();
  if (!ended) return ended.error();
  return Done{};
}

Result<RecordWrite> write_within(WriteScope& scope, const SealedRecord& sealed) {
  const auto taken = is_taken(scope.database, sealed);
  if (!taken) return taken.error();
  if (*taken == Claim::Won) return scope.undo(RecordWrite::Exists);
  const auto written = write_row(scope.database, sealed);
  if (!written) return written.error();
  if (*written != 1) return scope.undo(RecordWrite::Moved);
  if (const auto done = write_block(scope.database, sealed.record); !done) return done.error();
  const auto ended = sqlite::end_tickets(scope.database, sealed.record.owner.name);
  if (!ended) return ended.error();
  return RecordWrite::Written;
}

}  // namespace

namespace sqlite {

Status note_owner(Database& database, const Account& owner, WallTime when) {
  auto note = database.prepare(
      "INSERT INTO user_record (owner, uid, created, updated, connection, version, key)"
      " VALUES (?1, ?2, ?3, ?3, ?4, 1, 0) ON CONFLICT DO NOTHING");
  const auto noted = note.bind(owner.name, owner.uid, when, kUnixConnection).execute();
  if (!noted) return noted.error();
  return Done{};
}

}  // namespace sqlite

Result<std::optional<UserRecord>> SqliteStore::user_record(const Account& owner) {
  auto records = open_rows(keys_, reading([&](Database& database) {
                             auto row = database.prepare(
                                 "SELECT r.owner, r.uid, created, updated, connection, version,"
                                 " profile, b.owner IS NOT NULL FROM user_record AS r"
                                 " LEFT JOIN blocked_user AS b USING (owner, uid)"
                                 " WHERE r.owner = ?1 AND r.uid = ?2");
                             row.bind(owner.name, owner.uid);
                             return sqlite::rows_of(row, read_row);
                           }));
  if (!records) return records.error();
  if (records->empty()) return std::optional<UserRecord>();
  return std::optional(records->front());
}

Result<std::vector<UserRecord>> SqliteStore::user_records_named(std::string_view name) {
  return open_rows(keys_, reading([&](Database& database) {
                     auto row = database.prepare(
                         "SELECT r.owner, r.uid, created, updated, connection, version,"
                         " profile, b.owner IS NOT NULL FROM user_record AS r"
                         " LEFT JOIN blocked_user AS b USING (owner, uid)"
                         " WHERE r.owner = ?1 ORDER BY created, r.uid");
                     row.bind(name);
                     return sqlite::rows_of(row, read_row);
                   }));
}

Result<std::vector<UserRecord>> SqliteStore::user_records_with_email(std::string_view address) {
  const auto digests = digests_of(keys_, sealing::email_digest, address);
  if (!digests) return digests.error();
  std::vector<SealedRow> found;
  for (const auto& digest : *digests) {
    auto rows = reading([&](Database& database) {
      auto row = database.prepare(
          "SELECT r.owner, r.uid, created, updated, connection, version,"
          " profile, b.owner IS NOT NULL FROM user_record AS r"
          " LEFT JOIN blocked_user AS b USING (owner, uid)"
          " WHERE email = ?1 ORDER BY created, r.owner, r.uid");
      row.bind(digest.bytes);
      return sqlite::rows_of(row, read_row);
    });
    if (!rows) return rows.error();
    for (auto& row : *std::move(rows)) found.push_back(std::move(row));
  }
  return open_rows(keys_, std::move(found));
}

Result<std::vector<UserRecord>> SqliteStore::user_records(const RecordPage& page) {
  constexpr auto kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
  const auto before = page.newest_first ? kLast : kFirst;
  const auto created =
      page.after ? std::int64_t{page.after->first.time_since_epoch().count()} : before;
  const Account owner = page.after ? page.after->second : Account{"", 0};
  return open_rows(
      keys_, reading([&](Database& database) {
        auto row = page.newest_first
                       ? database.prepare(
                             "SELECT r.owner, r.uid, created, updated, connection, version,"
                             " profile, b.owner IS NOT NULL FROM user_record AS r"
                             " LEFT JOIN blocked_user AS b USING (owner, uid)"
                             " WHERE (created, r.owner, r.uid) < (?1, ?2, ?3)"
                             " AND (?4 = '' OR connection = ?4)"
                             " ORDER BY created DESC, r.owner DESC, r.uid DESC LIMIT ?5 OFFSET ?6")
                       : database.prepare(
                             "SELECT r.owner, r.uid, created, updated, connection, version,"
                             " profile, b.owner IS NOT NULL FROM user_record AS r"
                             " LEFT JOIN blocked_user AS b USING (owner, uid)"
                             " WHERE (created, r.owner, r.uid) > (?1, ?2, ?3)"
                             " AND (?4 = '' OR connection = ?4)"
                             " ORDER BY created, r.owner, r.uid LIMIT ?5 OFFSET ?6");
        row.bind(created, owner.name, owner.uid, page.connection, page.limit, page.skip);
        return sqlite::rows_of(row, read_row);
      }));
}

Result<std::int64_t> SqliteStore::count_user_records(std::string_view connection) {
  return reading([&](Database& database) -> Result<std::int64_t> {
    auto row =
        database.prepare("SELECT count(*) FROM user_record WHERE ?1 = '' OR connection = ?1");
    const auto next = row.bind(connection).step();
    if (!next) return next.error();
    return row.integer(0);
  });
}

Result<RecordWrite> SqliteStore::write_user_record(const UserRecord& next,
                                                   const AuditEvent& event) {
  auto sealed = seal(keys_, next);
  if (!sealed) return sealed.error();
  return recorded<RecordWrite>(event, [sealed = *std::move(sealed)](WriteScope& scope) {
    return write_within(scope, sealed);
  });
}

Result<Claim> SqliteStore::remove_user(std::string_view name, const AuditEvent& event) {
  return recorded<Claim>(event, [name = std::string(name)](WriteScope& scope) -> Result<Claim> {
    const auto methods = sqlite::remove_methods_of(scope.database, name);
    if (!methods) return methods.error();
    auto unblock = scope.database.prepare("DELETE FROM blocked_user WHERE owner = ?1");
    if (const auto done = unblock.bind(name).execute(); !done) return done.error();
    auto remove = scope.database.prepare("DELETE FROM user_record WHERE owner = ?1");
    const auto removed = remove.bind(name).execute();
    if (!removed) return removed.error();
    return *methods + *removed > 0 ? Claim::Won : scope.undo(Claim::Lost);
  });
}

Result<LoginHistory> SqliteStore::login_history(const Account& owner) {
  return reading([&](Database& database) -> Result<LoginHistory> {
    // Of the row that has the maximum: SQLite takes bare columns from there.
    auto row = database.prepare(
        "SELECT count(*), max(sequence), time, source FROM audit"
        " WHERE user = ?1 AND user <> '' AND uid = ?2 AND type IN (?3, ?4)");
    row.bind(owner.name, owner.uid, AuditEventType::LoginGranted, AuditEventType::LoginExempt);
    const auto next = row.step();
    if (!next) return next.error();
    if (row.integer(0) == 0) return LoginHistory{};
    return LoginHistory{.count = row.integer(0), .last = row.time(2), .last_source = row.text(3)};
  });
}

}  // namespace twinlock
