// SPDX-License-Identifier: MIT
#include <algorithm>

#include "daemon/store/sealing.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;

Result<int> purge_conversations(Database& database, WallTime now, int limit) {
  // The lowest numbers are the oldest: no index on time is needed to find them.
  auto statement = database.prepare(
      "DELETE FROM conversation WHERE started < ?1 AND number IN"
      " (SELECT number FROM conversation ORDER BY number LIMIT ?2)");
  const WallTime before = now - 1h;
  return statement.bind(before, limit).execute();
}

Result<int> purge_unconfirmed(Database& database, WallTime now, int limit) {
  auto statement = database.prepare(
      "DELETE FROM method WHERE confirmed IS NULL AND id IN"
      " (SELECT id FROM method WHERE confirmed IS NULL AND created < ?1 LIMIT ?2)");
  const WallTime before = now - kUnconfirmedLifetime;
  return statement.bind(before, limit).execute();
}

Result<int> purge_tickets(Database& database, WallTime now, int limit) {
  auto statement = database.prepare(
      "DELETE FROM ticket WHERE digest IN"
      " (SELECT digest FROM ticket WHERE expires <= ?1 LIMIT ?2)");
  return statement.bind(now, limit).execute();
}

Result<int> purge_tokens(Database& database, WallTime now, int limit) {
  auto statement = database.prepare(
      "DELETE FROM access_token WHERE hash IN"
      " (SELECT hash FROM access_token WHERE expires <= ?1 LIMIT ?2)");
  return statement.bind(now, limit).execute();
}

Result<int> purge_assertions(Database& database, WallTime now, int limit) {
  auto statement = database.prepare(
      "DELETE FROM used_assertion WHERE (client, digest) IN"
      " (SELECT client, digest FROM used_assertion WHERE expires <= ?1 LIMIT ?2)");
  return statement.bind(now, limit).execute();
}

// Only from the beginning on: a record younger than its successor keeps both.
Result<int> purge_audit(Database& database, KeyRing& keys, WallTime before, int limit) {
  auto row = database.prepare("SELECT sequence, time, mac FROM audit ORDER BY sequence LIMIT ?1");
  row.bind(limit);
  std::uint64_t last = 0;
  MacBytes mac{};
  while (true) {
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End || row.time(1) >= before) break;
    last = row.number<std::uint64_t>(0);
    mac = row.array<MacBytes>(2);
  }
  if (last == 0) return 0;

  const auto seal = floor_seal(keys, std::nullopt, last, mac);
  if (!seal) return seal.error();
  auto floor = database.prepare(
      "UPDATE audit_head SET floor_sequence = ?1, floor_mac = ?2, floor_key = ?3, floor_seal = ?4"
      " WHERE id = 1");
  const auto raised = floor.bind(last, mac, seal->key, seal->bytes).execute();
  if (!raised) return raised.error();
  auto statement = database.prepare("DELETE FROM audit WHERE sequence <= ?1");
  return statement.bind(last).execute();
}

}  // namespace

Result<WallTime> SqliteStore::raise_latest_time(WallTime now) {
  // What others may have changed since the last time: the reserve, and our keys.
  reserve_.look();
  note_key();
  return writing<WallTime>(Durability::Process, [now](WriteScope& scope) -> Result<WallTime> {
    return scope.raise_latest_time(now);
  });
}

Result<int> SqliteStore::purge(WallTime now, int limit) {
  // What a full disk took is put back as soon as there is room (S132), by one process.
  if (is_on_duty()) reserve_.ensure();
  return writing<int>(
      Durability::Process,
      [&keys = keys_, now, limit, lifetime = audit_lifetime_](WriteScope& scope) -> Result<int> {
        int left = limit;
        for (const auto purge_some : {purge_conversations,
                                      purge_unconfirmed,
                                      purge_tickets,
                                      purge_tokens,
                                      purge_assertions}) {
          auto purged = purge_some(scope.database, now, left);
          if (!purged) return purged;
          left -= *purged;
        }
        auto audit = purge_audit(scope.database, keys, now - lifetime, left);
        if (!audit) return audit;
        return limit - left + *audit;
      });
}

}  // namespace twinlock
