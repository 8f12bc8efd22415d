// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "daemon/store/packing.h"
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

// One value of a row, sealed, with what the row is found by.
struct SealedValue {
  Account owner;
  MethodId id;
  sealing::Sealed before;
};

SealedValue read_value(const Statement& row) {
  const auto value = row.blob(3);
  return {.owner = {row.text(0), row.number<Uid>(1)},
          .id = {row.array<decltype(Ulid::bytes)>(2)},
          .before = {value.begin(), value.end()}};
}

// The same, sealed anew, and what it is looked up by under the new key.
struct FreshData {
  MethodId id;
  sealing::Sealed before;
  sealing::Sealed after;
  KeyedDigest identity;
};

Result<FreshData> seal_data_anew(KeyRing& keys, KeyId current, const SealedValue& old) {
  const auto packed = sealing::open_method_data(keys, old.id, old.owner, old.before);
  if (!packed) return packed.error();
  const auto data = packing::unpack_method_data(packed->bytes());
  if (!data) return data.error();
  const auto identity = sealing::method_digest(keys, current, *data);
  if (!identity) return identity.error();
  auto after = sealing::seal_method_data(keys, old.id, old.owner, *packed);
  if (!after) return after.error();
  return FreshData{old.id, old.before, *std::move(after), *identity};
}

struct FreshProfile {
  Account owner;
  sealing::Sealed before;
  sealing::Sealed after;
  std::optional<KeyedDigest> email;
  std::optional<KeyedDigest> username;
};

Result<FreshProfile> seal_profile_anew(KeyRing& keys, KeyId current, const SealedValue& old) {
  const auto packed = sealing::open_profile(keys, old.owner, old.before);
  if (!packed) return packed.error();
  const auto profile = packing::unpack_profile(packed->bytes());
  if (!profile) return profile.error();
  auto after = sealing::seal_profile(keys, old.owner, *packed);
  if (!after) return after.error();
  FreshProfile fresh{old.owner, old.before, *std::move(after), {}, {}};
  if (profile->email) {
    const auto digest = sealing::email_digest(keys, current, *profile->email);
    if (!digest) return digest.error();
    fresh.email = *digest;
  }
  if (profile->username) {
    const auto digest = sealing::username_digest(keys, current, *profile->username);
    if (!digest) return digest.error();
    fresh.username = *digest;
  }
  return fresh;
}

std::optional<sqlite::Bytes> bytes_of(const std::optional<KeyedDigest>& digest) {
  if (!digest) return std::nullopt;
  return sqlite::Bytes(digest->bytes);
}

// What could be sealed anew of `old`, and why the last one that couldn't be wasn't.
template <typename Fresh, typename Seal>
std::pair<std::vector<Fresh>, std::optional<Error>> all_anew(const std::vector<SealedValue>& old,
                                                             Seal seal) {
  std::vector<Fresh> rows;
  std::optional<Error> broken;
  for (const auto& value : old) {
    auto fresh = seal(value);
    if (fresh) {
      rows.push_back(*std::move(fresh));
    } else {
      broken = fresh.error();
    }
  }
  return {std::move(rows), std::move(broken)};
}

// A value of one of the small tables, which are looked through whole.
struct PlacedValue {
  sealing::Place place;
  sealing::Sealed sealed;
};

Result<std::vector<PlacedValue>> read_small_tables(Database& database) {
  const auto blob_of = [](const Statement& row) {
    const auto blob = row.blob(1);
    return sealing::Sealed(blob.begin(), blob.end());
  };
  auto groups = database.prepare("SELECT id, fields FROM setting_group");
  auto values = sqlite::rows_of(groups, [&blob_of](const Statement& row) {
    return PlacedValue{sealing::setting_group_place(row.named<SettingGroup>(0)), blob_of(row)};
  });
  if (!values) return values;
  auto all = *std::move(values);
  auto keys = database.prepare("SELECT id, private_key FROM signing_key");
  const auto read = sqlite::for_each_row(keys, [&](const Statement& row) {
    all.push_back({sealing::signing_key_place(row.text(0)), blob_of(row)});
  });
  if (!read) return read.error();
  return all;
}

Result<int> replace_value(Database& database,
                          const PlacedValue& value,
                          const sealing::Sealed& fresh) {
  auto update =
      value.place.table == "setting_group"
          ? database.prepare("UPDATE setting_group SET fields = ?3 WHERE id = ?1 AND fields = ?2")
          : database.prepare(
                "UPDATE signing_key SET private_key = ?3 WHERE id = ?1 AND private_key = ?2");
  return update.bind(value.place.row, value.sealed, fresh).execute();
}

}  // namespace

Result<int> SqliteStore::reseal(int limit) {
  const std::scoped_lock lock(resealing_);
  const auto ids = keys_.keys();
  if (ids.empty()) return Error{ErrorCode::Unavailable, "the key ring is empty"};
  note_key();
  auto canary = reseal_canary(ids.front());
  if (!canary || *canary > 0) return canary;
  auto small = reseal_small_tables(ids.front());
  if (!small || *small > 0) return small;
  for (const auto& [pass, place] : {Pass{&SqliteStore::reseal_seeds, &resealed_.seeds},
                                    Pass{&SqliteStore::reseal_method_data, &resealed_.data},
                                    Pass{&SqliteStore::reseal_profiles, &resealed_.profiles}}) {
    const bool from_start = place->owner.empty();
    auto sealed = (this->*pass)(ids.front(), limit);
    // The rest of the table had none; the part before may have got some since.
    if (sealed && *sealed == 0 && !from_start) sealed = (this->*pass)(ids.front(), limit);
    if (!sealed || *sealed > 0) return sealed;
  }
  return 0;
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

Result<int> SqliteStore::reseal_small_tables(KeyId current) {
  const auto values = reading([](Database& database) { return read_small_tables(database); });
  if (!values) return values.error();
  int resealed = 0;
  for (const auto& value : *values) {
    const auto key = keys_.key_of(value.sealed);
    if (!key) return key.error();
    if (*key == current) continue;
    const auto plain = sealing::open(keys_, value.place, value.sealed);
    if (!plain) return plain.error();
    auto fresh = sealing::seal(keys_, value.place, plain->bytes());
    if (!fresh) return fresh.error();
    const auto replaced =
        writing<int>(Durability::Power, [value, fresh = *std::move(fresh)](WriteScope& scope) {
          return replace_value(scope.database, value, fresh);
        });
    if (!replaced) return replaced;
    // One that changed meanwhile is looked at again, so this isn't the end.
    ++resealed;
  }
  return resealed;
}

// From where the last call ended; at the end of the table, starts over.
Result<int> SqliteStore::reseal_seeds(KeyId current, int limit) {
  const auto found = reading([&](Database& database) -> Result<std::vector<SealedRow>> {
    auto row = database.prepare(
        "SELECT owner, uid, id, seed FROM method"
        " WHERE (owner, uid, id) > (?1, ?2, ?3) AND key <> ?4 AND seed IS NOT NULL"
        " ORDER BY owner, uid, id LIMIT ?5");
    row.bind(resealed_.seeds.owner, resealed_.seeds.uid, resealed_.seeds.id, current, limit);
    return sqlite::rows_of(row, [](const Statement& each) {
      const auto seed = each.blob(3);
      return SealedRow{.owner = {each.text(0), each.number<Uid>(1)},
                       .id = {each.array<decltype(Ulid::bytes)>(2)},
                       .sealed = {seed.begin(), seed.end()}};
    });
  });
  if (!found) return found.error();
  if (found->empty()) {
    resealed_.seeds = {};
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
  resealed_.seeds = {last.owner.name, last.owner.uid, {last.id.bytes.begin(), last.id.bytes.end()}};
  if (broken) return *broken;
  // A row that changed meanwhile wasn't replaced; it is looked at again, so this isn't the end.
  return std::max(*replaced, 1);
}

Result<int> SqliteStore::reseal_method_data(KeyId current, int limit) {
  const auto found = reading([&](Database& database) {
    auto row = database.prepare(
        "SELECT owner, uid, method, data FROM method_data JOIN method ON method.id = method"
        " WHERE method > ?1 AND method_data.key <> ?2 ORDER BY method LIMIT ?3");
    row.bind(resealed_.data.id, current, limit);
    return sqlite::rows_of(row, read_value);
  });
  if (!found) return found.error();
  if (found->empty()) {
    resealed_.data = {};
    return 0;
  }
  auto [rows, broken] = all_anew<FreshData>(
      *found, [&](const SealedValue& old) { return seal_data_anew(keys_, current, old); });
  const auto replaced = writing<int>(
      Durability::Power, [current, rows = std::move(rows)](WriteScope& scope) -> Result<int> {
        int sum = 0;
        for (const auto& row : rows) {
          auto update = scope.database.prepare(
              "UPDATE method_data SET data = ?3, key = ?4, identity = ?5"
              " WHERE method = ?1 AND data = ?2");
          update.bind(row.id.bytes, row.before, row.after, current, row.identity.bytes);
          auto changed = update.execute();
          if (!changed) return changed;
          sum += *changed;
        }
        return sum;
      });
  if (!replaced) return replaced;
  const auto& last = found->back();
  resealed_.data = {last.owner.name, last.owner.uid, {last.id.bytes.begin(), last.id.bytes.end()}};
  if (broken) return *broken;
  return std::max(*replaced, 1);
}

Result<int> SqliteStore::reseal_profiles(KeyId current, int limit) {
  const auto found = reading([&](Database& database) {
    auto row = database.prepare(
        "SELECT owner, uid, x'', profile FROM user_record"
        " WHERE (owner, uid) > (?1, ?2) AND key <> ?3 AND profile IS NOT NULL"
        " ORDER BY owner, uid LIMIT ?4");
    row.bind(resealed_.profiles.owner, resealed_.profiles.uid, current, limit);
    return sqlite::rows_of(row, read_value);
  });
  if (!found) return found.error();
  if (found->empty()) {
    resealed_.profiles = {};
    return 0;
  }
  auto [rows, broken] = all_anew<FreshProfile>(
      *found, [&](const SealedValue& old) { return seal_profile_anew(keys_, current, old); });
  const auto replaced = writing<int>(
      Durability::Power, [current, rows = std::move(rows)](WriteScope& scope) -> Result<int> {
        int sum = 0;
        for (const auto& row : rows) {
          auto update = scope.database.prepare(
              "UPDATE user_record SET profile = ?4, key = ?5, email = ?6, username = ?7"
              " WHERE owner = ?1 AND uid = ?2 AND profile = ?3");
          const auto email = bytes_of(row.email);
          const auto username = bytes_of(row.username);
          update.bind(row.owner.name, row.owner.uid, row.before, row.after, current);
          auto changed = update.bind(email, username).execute();
          if (!changed) return changed;
          sum += *changed;
        }
        return sum;
      });
  if (!replaced) return replaced;
  resealed_.profiles = {found->back().owner.name, found->back().owner.uid, {}};
  if (broken) return *broken;
  return std::max(*replaced, 1);
}

}  // namespace twinlock
