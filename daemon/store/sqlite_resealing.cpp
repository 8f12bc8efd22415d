// SPDX-License-Identifier: MIT
#include <algorithm>

#include "daemon/store/sealing.h"
#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

// Rotation (S118): whatever names a retired key is opened and sealed anew, batch by batch, while
// logins go on. Each row is replaced only if it still is what was opened, so that an interruption
// or a second run at the same time does no harm.
namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;
using sqlite::Statement;

struct SealedRow {
  Account owner;
  MethodId id;
  sealing::Sealed sealed;
};

struct Resealed {
  Account owner;
  MethodId id;
  sealing::Sealed before;
  sealing::Sealed after;
};

Result<int> replace(Database& database, KeyId key, const std::vector<Resealed>& rows) {
  int replaced = 0;
  for (const auto& row : rows) {
    auto update = database.prepare(
        "UPDATE method SET seed = ?5, key = ?6"
        " WHERE owner = ?1 AND uid = ?2 AND id = ?3 AND seed = ?4");
    update.bind(row.owner.name, row.owner.uid, row.id.bytes, row.before, row.after);
    auto changed = update.bind(key).execute();
    if (!changed) return changed;
    replaced += *changed;
  }
  return replaced;
}

}  // namespace

Result<int> SqliteStore::reseal(int limit) {
  const std::scoped_lock lock(resealing_);
  const auto ids = keys_.keys();
  if (ids.empty()) return Error{ErrorCode::Unavailable, "the key ring is empty"};
  note_key();
  auto canary = reseal_canary(ids.front());
  if (!canary || *canary > 0) return canary;
  const bool from_start = resealed_up_to_.owner.empty();
  auto seeds = reseal_seeds(ids.front(), limit);
  if (!seeds || *seeds > 0 || from_start) return seeds;
  // The rest of the table had none; the part before may have got some since.
  return reseal_seeds(ids.front(), limit);
}

Result<int> SqliteStore::reseal_canary(KeyId current) {
  const auto sealed = reading([](Database& database) -> Result<sealing::Sealed> {
    auto row = database.prepare("SELECT canary FROM settings WHERE id = 1");
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End) return Error{ErrorCode::Unavailable, "the store lost its settings"};
    auto canary = row.blob(0);
    return sealing::Sealed(canary.begin(), canary.end());
  });
  if (!sealed) return sealed.error();
  const auto key = keys_.key_of(*sealed);
  if (!key) return key.error();
  if (*key == current) return 0;
  auto fresh = sealing::seal_canary(keys_);
  if (!fresh) return fresh.error();
  return writing<int>(Durability::Power, [fresh = *std::move(fresh)](WriteScope& scope) {
    scope.renew_epoch();
    auto update = scope.database.prepare("UPDATE settings SET canary = ?1 WHERE id = 1");
    return update.bind(fresh).execute();
  });
}

// From where the last call ended; at the end of the table, starts over.
Result<int> SqliteStore::reseal_seeds(KeyId current, int limit) {
  const auto found = reading([&](Database& database) -> Result<std::vector<SealedRow>> {
    auto row = database.prepare(
        "SELECT owner, uid, id, seed FROM method"
        " WHERE (owner, uid, id) > (?1, ?2, ?3) AND key <> ?4 AND seed IS NOT NULL"
        " ORDER BY owner, uid, id LIMIT ?5");
    row.bind(resealed_up_to_.owner, resealed_up_to_.uid, resealed_up_to_.id, current, limit);
    return sqlite::rows_of(row, [](const Statement& each) {
      const auto seed = each.blob(3);
      return SealedRow{.owner = {each.text(0), each.number<Uid>(1)},
                       .id = {each.array<decltype(Ulid::bytes)>(2)},
                       .sealed = {seed.begin(), seed.end()}};
    });
  });
  if (!found) return found.error();
  if (found->empty()) {
    resealed_up_to_ = {};
    return 0;
  }

  std::vector<Resealed> rows;
  std::optional<Error> broken;  // of one seed; the others are worth sealing nevertheless
  for (const auto& old : *found) {
    const auto seed = sealing::open_seed(keys_, old.id, old.owner, old.sealed);
    auto fresh = seed ? sealing::seal_seed(keys_, old.id, old.owner, *seed)
                      : Result<sealing::Sealed>(seed.error());
    if (fresh) {
      rows.push_back({old.owner, old.id, old.sealed, *std::move(fresh)});
    } else {
      broken = fresh.error();
    }
  }
  auto replaced =
      writing<int>(Durability::Power, [current, rows = std::move(rows)](WriteScope& scope) {
        return replace(scope.database, current, rows);
      });
  if (!replaced) return replaced;
  const auto& last = found->back();
  resealed_up_to_ = {last.owner.name, last.owner.uid, {last.id.bytes.begin(), last.id.bytes.end()}};
  if (broken) return *broken;
  // A row that changed meanwhile wasn't replaced; it is looked at again, so this isn't the end.
  return std::max(*replaced, 1);
}

}  // namespace twinlock
