// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <utility>

#include "daemon/domain/limits.h"
#include "daemon/store/packing.h"
#include "daemon/store/sealing.h"
#include "daemon/store/sqlite_methods.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;
using sqlite::Statement;

// A method as it goes to the writer's thread: nothing readable in it.
struct SealedMethod {
  AuthenticationMethod method;
  OtpParameters parameters;
  MovingFactor last_used = -1;
  int offset = 0;
  KeyId key = 0;
  std::optional<sealing::Sealed> seed;
  struct Data {
    std::vector<KeyedDigest> identities;  // under every key, the one that is stored first
    std::optional<PhoneChannel> channel;
    std::optional<std::uint32_t> counter;
    KeyId key;
    sealing::Sealed sealed;
  };
  std::optional<Data> data;
};

Result<SealedMethod::Data> seal_data(KeyRing& keys, const NewMethod& method) {
  const auto& owned = method.method;
  auto sealed = sealing::seal_method_data(keys, owned.id, owned.owner, packing::pack(method.data));
  if (!sealed) return sealed.error();
  const auto key = keys.key_of(*sealed);
  if (!key) return key.error();
  const auto stored = sealing::method_digest(keys, *key, method.data);
  if (!stored) return stored.error();
  SealedMethod::Data data{{*stored}, {}, {}, *key, *std::move(sealed)};
  for (const KeyId other : keys.keys()) {
    const auto identity = sealing::method_digest(keys, other, method.data);
    if (!identity) return identity.error();
    data.identities.push_back(*identity);
  }
  if (const auto* phone = std::get_if<PhoneData>(&method.data)) data.channel = phone->preferred;
  if (const auto* key_data = std::get_if<KeyData>(&method.data)) {
    data.counter = key_data->sign_count;
  }
  return data;
}

Result<SealedMethod> seal(KeyRing& keys, const NewMethod& method) {
  SealedMethod sealed{.method = method.method, .parameters = {}, .seed = {}, .data = {}};
  if (method.credential) {
    auto seed =
        sealing::seal_seed(keys, method.method.id, method.method.owner, method.credential->seed);
    if (!seed) return seed.error();
    const auto key = keys.key_of(*seed);
    if (!key) return key.error();
    sealed.parameters = method.credential->parameters;
    sealed.last_used = method.credential->last_used;
    sealed.offset = method.credential->offset;
    sealed.key = *key;
    sealed.seed = *std::move(seed);
  }
  if (!std::holds_alternative<std::monostate>(method.data)) {
    auto data = seal_data(keys, method);
    if (!data) return data.error();
    sealed.data = *std::move(data);
  }
  return sealed;
}

Result<std::vector<SealedMethod>> seal_all(KeyRing& keys, const std::vector<NewMethod>& methods) {
  std::vector<SealedMethod> sealed;
  for (const auto& method : methods) {
    auto one = seal(keys, method);
    if (!one) return one.error();
    sealed.push_back(*std::move(one));
  }
  return sealed;
}

Status insert_data(Database& database, const MethodId& id, const SealedMethod::Data& data) {
  auto statement = database.prepare(
      "INSERT INTO method_data (method, identity, channel, counter, key, data)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  statement.bind(id.bytes, data.identities.front().bytes, data.channel, data.counter);
  const auto inserted = statement.bind(data.key, data.sealed).execute();
  if (!inserted) return inserted.error();
  return Done{};
}

Status insert(Database& database, const SealedMethod& sealed) {
  const auto& method = sealed.method;
  auto statement = database.prepare(
      "INSERT INTO method (owner, uid, id, type, name, weak, created, confirmed, last_used,"
      " algorithm, digits, period, last_factor, clock_offset, key, seed)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
  statement.bind(method.owner.name, method.owner.uid, method.id.bytes, method.type, method.name);
  statement.bind(method.weak, method.created, method.confirmed, method.last_used);
  if (sealed.seed) {
    statement.bind(sealed.parameters.algorithm, sealed.parameters.digits);
    statement.bind(sealed.parameters.period.count(), sealed.last_used, sealed.offset);
    statement.bind(sealed.key, *sealed.seed);
  } else {
    statement.bind(std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt);
    statement.bind(sealed.key, std::nullopt);
  }
  if (const auto inserted = statement.execute(); !inserted) return inserted.error();
  if (const auto known = sqlite::note_owner(database, method.owner, method.created); !known) {
    return known.error();
  }
  return sealed.data ? insert_data(database, method.id, *sealed.data) : Status(Done{});
}

Result<Claim> has_same(Database& database, const SealedMethod& sealed) {
  if (!sealed.data) return Claim::Lost;
  for (const auto& identity : sealed.data->identities) {
    auto row = database.prepare(
        "SELECT 1 FROM method_data JOIN method ON method.id = method_data.method"
        " WHERE identity = ?1 AND owner = ?2 AND uid = ?3");
    const auto& owner = sealed.method.owner;
    const auto next = row.bind(identity.bytes, owner.name, owner.uid).step();
    if (!next) return next.error();
    if (*next == Next::Row) return Claim::Won;
  }
  return Claim::Lost;
}

struct Counts {
  std::size_t counted = 0;
  std::size_t unconfirmed = 0;
};

Result<Counts> count(Database& database, const Account& owner, const EnrolledLimits& limits) {
  auto row = database.prepare(
      "SELECT type, count(*), count(*) FILTER (WHERE confirmed IS NULL) FROM method"
      " WHERE owner = ?1 AND uid = ?2 GROUP BY type");
  row.bind(owner.name, owner.uid);
  Counts counts;
  const auto& types = limits.counted;
  const auto read = sqlite::for_each_row(row, [&](const Statement& each) {
    const auto type = each.named<MethodType>(0);
    counts.unconfirmed += each.number<std::size_t>(2);
    if (std::find(types.begin(), types.end(), type) != types.end()) {
      counts.counted += each.number<std::size_t>(1);
    }
  });
  if (!read) return read.error();
  return counts;
}

Result<EnrolledAddition> add_within(WriteScope& scope,
                                    const SealedMethod& sealed,
                                    const EnrolledLimits& limits) {
  const auto same = has_same(scope.database, sealed);
  if (!same) return same.error();
  if (*same == Claim::Won) return scope.undo(EnrolledAddition::Exists);
  const auto counts = count(scope.database, sealed.method.owner, limits);
  if (!counts) return counts.error();
  const bool is_pending = !sealed.method.confirmed;
  if (counts->counted >= limits.most || (is_pending && counts->unconfirmed >= limits.unconfirmed)) {
    return scope.undo(EnrolledAddition::TooMany);
  }
  if (const auto inserted = insert(scope.database, sealed); !inserted) return inserted.error();
  if (!is_pending) {
    const auto ended = sqlite::end_tickets(scope.database, sealed.method.owner.name);
    if (!ended) return ended.error();
  }
  return EnrolledAddition::Added;
}

// Of a row: what read_method() takes, then data, channel, counter.
struct SealedRow {
  AuthenticationMethod method;
  sealing::Sealed data;
  std::optional<PhoneChannel> channel;
  std::uint32_t counter;
};

bool may_have_data(MethodType type) {
  return type != MethodType::Totp && type != MethodType::Hotp && type != MethodType::RecoveryCode;
}

SealedRow read_row(const Statement& row) {
  const auto data = row.blob(9);
  return {.method = sqlite::read_method(row),
          .data = {data.begin(), data.end()},
          .channel = row.optional(10, [&row](int c) { return row.named<PhoneChannel>(c); }),
          .counter = row.number<std::uint32_t>(11)};
}

Result<EnrolledMethod> open_row(KeyRing& keys, SealedRow row) {
  if (row.data.empty()) return EnrolledMethod{std::move(row.method), {}};
  const auto packed = sealing::open_method_data(keys, row.method.id, row.method.owner, row.data);
  if (!packed) return packed.error();
  auto unpacked = packing::unpack_method_data(packed->bytes());
  if (!unpacked) return unpacked.error();
  MethodData data = *std::move(unpacked);
  if (auto* phone = std::get_if<PhoneData>(&data)) {
    phone->preferred = row.channel.value_or(PhoneChannel::Sms);
  }
  if (auto* key = std::get_if<KeyData>(&data)) key->sign_count = row.counter;
  return EnrolledMethod{std::move(row.method), std::move(data)};
}

Result<std::vector<EnrolledMethod>> open_rows(KeyRing& keys, std::vector<SealedRow> rows) {
  std::vector<EnrolledMethod> methods;
  methods.reserve(rows.size());
  for (auto& row : rows) {
    auto method = open_row(keys, std::move(row));
    if (!method) return method.error();
    methods.push_back(*std::move(method));
  }
  return methods;
}

}  // namespace

Result<std::vector<EnrolledMethod>> SqliteStore::enrolled_methods(const Account& owner) {
  // Most people have nothing in method_data, and looking into it costs as much as all the rest.
  std::vector<EnrolledMethod> methods;
  methods.reserve(kOtpMethodsPerUser + kKeysPerUser);
  const auto read = reading([&](Database& database) {
    auto row = database.prepare(
        "SELECT id, type, name, created, confirmed, last_used, weak FROM method"
        " WHERE owner = ?1 AND uid = ?2");
    row.bind(owner.name, owner.uid);
    return sqlite::for_each_row(row, [&](const Statement& each) {
      methods.push_back({sqlite::read_method_of(owner, each), {}});
    });
  });
  if (!read) return read.error();
  if (std::any_of(methods.begin(), methods.end(), [](const auto& each) {
        return may_have_data(each.method.type);
      })) {
    auto rows = reading([&](Database& database) {
      auto row = database.prepare(
          "SELECT id, type, name, created, confirmed, last_used, weak, owner, uid,"
          " data, channel, counter FROM method LEFT JOIN method_data ON method_data.method = id"
          " WHERE owner = ?1 AND uid = ?2");
      row.bind(owner.name, owner.uid);
      return sqlite::rows_of(row, read_row);
    });
    if (!rows) return rows.error();
    auto opened = open_rows(keys_, *std::move(rows));
    if (!opened) return opened;
    methods = *std::move(opened);
  }
  // Cheaper here than a sorter in SQLite; ids sort by time, so that there is nothing to do mostly.
  const auto is_before = [](const auto& a, const auto& b) {
    return std::pair(a.method.created, a.method.id) < std::pair(b.method.created, b.method.id);
  };
  if (!std::is_sorted(methods.begin(), methods.end(), is_before)) {
    std::sort(methods.begin(), methods.end(), is_before);
  }
  return methods;
}

Result<std::optional<EnrolledMethod>> SqliteStore::enrolled_method(const MethodId& id) {
  auto rows = reading([&](Database& database) {
    auto row = database.prepare(
        "SELECT id, type, name, created, confirmed, last_used, weak, owner, uid,"
        " data, channel, counter FROM method LEFT JOIN method_data ON method_data.method = id"
        " WHERE id = ?1");
    row.bind(id.bytes);
    return sqlite::rows_of(row, read_row);
  });
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<EnrolledMethod>();
  auto method = open_row(keys_, (*std::move(rows)).front());
  if (!method) return method.error();
  return std::optional(*std::move(method));
}

Result<EnrolledAddition> SqliteStore::add_method(const NewMethod& method,
                                                 const EnrolledLimits& limits,
                                                 const AuditEvent& event) {
  auto sealed = seal(keys_, method);
  if (!sealed) return sealed.error();
  return recorded<EnrolledAddition>(event,
                                    [sealed = *std::move(sealed), limits](WriteScope& scope) {
                                      return add_within(scope, sealed, limits);
                                    });
}

Status SqliteStore::replace_methods(std::string_view name,
                                    const std::vector<NewMethod>& methods,
                                    const std::vector<AuditEvent>& events) {
  auto sealed = seal_all(keys_, methods);
  if (!sealed) return sealed.error();
  return writing<Done>(
      Durability::Power,
      [name = std::string(name), sealed = *std::move(sealed), events](WriteScope& scope) -> Status {
        const auto removed = sqlite::remove_methods_of(scope.database, name);
        if (!removed) return removed.error();
        for (const auto& method : sealed) {
          if (auto done = insert(scope.database, method); !done) return done;
        }
        for (const auto& event : events) {
          if (const auto number = scope.record(event); !number) {
            return number.error();
          }
        }
        return Done{};
      });
}

Result<Claim> SqliteStore::change_method(const MethodId& id,
                                         const EnrolledChange& change,
                                         const AuditEvent& event) {
  return recorded<Claim>(event, [id, change](WriteScope& scope) -> Result<Claim> {
    auto rename =
        scope.database.prepare("UPDATE method SET name = coalesce(?2, name) WHERE id = ?1");
    const auto renamed = rename.bind(id.bytes, change.name).execute();
    if (!renamed) return renamed.error();
    if (*renamed != 1) return scope.undo(Claim::Lost);
    if (!change.preferred) return Claim::Won;
    auto prefer = scope.database.prepare(
        "UPDATE method_data SET channel = ?2 WHERE method = ?1 AND channel IS NOT NULL");
    const auto preferred = prefer.bind(id.bytes, change.preferred).execute();
    if (!preferred) return preferred.error();
    return *preferred == 1 ? Claim::Won : scope.undo(Claim::Lost);
  });
}

Result<std::int64_t> SqliteStore::count_keys() {
  return reading([](Database& database) -> Result<std::int64_t> {
    auto row = database.prepare("SELECT count(*) FROM method WHERE type IN (?1, ?2, ?3)");
    row.bind(MethodType::WebauthnRoaming, MethodType::WebauthnPlatform, MethodType::Passkey);
    const auto next = row.step();
    if (!next) return next.error();
    return row.integer(0);
  });
}

Result<int> SqliteStore::forget_places(std::string_view name, const AuditEvent& event) {
  return recorded<int>(event, [name = std::string(name)](WriteScope& scope) -> Result<int> {
    auto forget = scope.database.prepare("DELETE FROM known_place WHERE owner = ?1");
    auto forgotten = forget.bind(name).execute();
    if (!forgotten) return forgotten;
    return *forgotten > 0 ? *forgotten : scope.undo(0);
  });
}

}  // namespace twinlock
