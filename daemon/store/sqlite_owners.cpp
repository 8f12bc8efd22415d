// SPDX-License-Identifier: MIT
#include <array>

#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;
using sqlite::Sql;
using sqlite::Statement;

// Recovery codes before the methods that they belong to: a cascade would count them as one.
constexpr std::array<Sql, 7> kDeletions{
    "DELETE FROM recovery_code WHERE (method, digest) IN"
    " (SELECT method, digest FROM recovery_code JOIN method ON method.id = recovery_code.method"
    "  WHERE owner = ?1 AND uid = ?2 LIMIT ?3)",
    "DELETE FROM method WHERE owner = ?1 AND uid = ?2 AND id IN"
    " (SELECT id FROM method WHERE owner = ?1 AND uid = ?2 LIMIT ?3)",
    "DELETE FROM attempts WHERE owner = ?1 AND uid = ?2 AND (budget, place) IN"
    " (SELECT budget, place FROM attempts WHERE owner = ?1 AND uid = ?2 LIMIT ?3)",
    "DELETE FROM known_place WHERE owner = ?1 AND uid = ?2 AND place IN"
    " (SELECT place FROM known_place WHERE owner = ?1 AND uid = ?2 LIMIT ?3)",
    "DELETE FROM ticket WHERE owner = ?1 AND uid = ?2 AND digest IN"
    " (SELECT digest FROM ticket WHERE owner = ?1 AND uid = ?2 LIMIT ?3)",
    "DELETE FROM blocked_user WHERE owner = ?1 AND uid = ?2 AND ?3 > 0",
    "DELETE FROM user_record WHERE owner = ?1 AND uid = ?2 AND ?3 > 0"};

Result<int> delete_rows(Database& database, const Account& account, int limit) {
  int left = limit;
  for (const Sql deletion : kDeletions) {
    auto statement = database.prepare(deletion);
    const auto deleted = statement.bind(account.name, account.uid, left).execute();
    if (!deleted) return deleted.error();
    left -= *deleted;
  }
  return limit - left;
}

Status forget_absence(Database& database, const Account& account) {
  auto statement = database.prepare("DELETE FROM absence WHERE owner = ?1 AND uid = ?2");
  const auto forgotten = statement.bind(account.name, account.uid).execute();
  if (!forgotten) return forgotten.error();
  return Done{};
}

Result<Next> find_absence(Database& database, const Account& account, WallTime before) {
  auto row =
      database.prepare("SELECT 1 FROM absence WHERE owner = ?1 AND uid = ?2 AND first_seen < ?3");
  return row.bind(account.name, account.uid, before).step();
}

}  // namespace

Result<std::vector<Owner>> SqliteStore::owners_after(const Account& after, int limit) {
  return reading([&after, limit](Database& database) -> Result<std::vector<Owner>> {
    // Whoever has a method has a record. Each part comes in the order of its key, so that no table
    // is read further than the limit.
    auto row = database.prepare(
        "SELECT o.owner, o.uid, first_seen, last_seen,"
        " (SELECT max(last_used) FROM method AS m WHERE m.owner = o.owner AND m.uid = o.uid) FROM"
        " (SELECT owner, uid FROM user_record WHERE (owner, uid) > (?1, ?2)"
        "  UNION SELECT owner, uid FROM attempts WHERE (owner, uid) > (?1, ?2)"
        "  UNION SELECT owner, uid FROM known_place WHERE (owner, uid) > (?1, ?2)"
        "  UNION SELECT owner, uid FROM absence WHERE (owner, uid) > (?1, ?2)"
        "  ORDER BY owner, uid LIMIT ?3) AS o LEFT JOIN absence USING (owner, uid)"
        " ORDER BY o.owner, o.uid");
    row.bind(after.name, after.uid, limit);
    return sqlite::rows_of(row, [](const Statement& each) {
      Owner owner{.account = {each.text(0), each.number<Uid>(1)},
                  .absence = std::nullopt,
                  .last_used = std::nullopt};
      if (!each.is_null(2)) owner.absence = Absence{each.time(2), each.time(3)};
      if (!each.is_null(4)) owner.last_used = each.time(4);
      return owner;
    });
  });
}

Status SqliteStore::note_absence(const Account& account, const std::optional<Absence>& absence) {
  return writing<Done>(Durability::Process, [account, absence](WriteScope& scope) -> Status {
    if (!absence) return forget_absence(scope.database, account);
    auto note = scope.database.prepare(
        "INSERT OR REPLACE INTO absence (owner, uid, first_seen, last_seen)"
        " VALUES (?1, ?2, ?3, ?4)");
    note.bind(account.name, account.uid, absence->first_seen, absence->last_seen);
    const auto noted = note.execute();
    if (!noted) return noted.error();
    return Done{};
  });
}

Result<int> SqliteStore::purge_owner(const Account& account,
                                     WallTime before,
                                     int limit,
                                     const AuditEvent& event) {
  return writing<int>(
      Durability::Power, [account, before, limit, event](WriteScope& scope) -> Result<int> {
        const auto absent = find_absence(scope.database, account, before);
        if (!absent) return absent.error();
        if (*absent == Next::End) return 0;
        const auto deleted = delete_rows(scope.database, account, limit);
        if (!deleted) return deleted.error();
        if (*deleted < limit) {
          if (auto forgotten = forget_absence(scope.database, account); !forgotten) {
            return forgotten.error();
          }
        }
        if (*deleted == 0) return 0;
        const auto number = scope.record(event);
        if (!number) return number.error();
        return *deleted;
      });
}

}  // namespace twinlock
