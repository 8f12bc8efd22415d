// SPDX-License-Identifier: MIT
#include <algorithm>

#include "daemon/store/sealing.h"
#include "daemon/store/sqlite_methods.h"
#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;
using sqlite::Statement;

// The columns of an OTP method that its method and credential don't say already.
struct SealedSeed {
  KeyId key;
  sealing::Sealed bytes;
};

// A credential without its seed, which doesn't leave the caller's thread unsealed.
struct StoredParameters {
  OtpParameters parameters;
  MovingFactor last_used;
  int offset;
};

Result<SealedSeed> seal(KeyRing& keys, const OtpMethod& method) {
  auto sealed =
      sealing::seal_seed(keys, method.method.id, method.method.owner, method.credential.seed);
  if (!sealed) return sealed.error();
  const auto key = keys.key_of(*sealed);
  if (!key) return key.error();
  return SealedSeed{*key, *std::move(sealed)};
}

struct Counts {
  std::size_t of_type;
  std::size_t unconfirmed;
};

Result<Counts> count(Database& database, const AuthenticationMethod& method) {
  auto row = database.prepare(
      "SELECT count(*) FILTER (WHERE type = ?3), count(*) FILTER (WHERE confirmed IS NULL)"
      " FROM method WHERE owner = ?1 AND uid = ?2");
  const auto next = row.bind(method.owner.name, method.owner.uid, method.type).step();
  if (!next) return next.error();
  return Counts{.of_type = row.number<std::size_t>(0), .unconfirmed = row.number<std::size_t>(1)};
}

Status insert(Database& database,
              const AuthenticationMethod& method,
              const StoredParameters& stored,
              const SealedSeed& seed) {
  auto statement = database.prepare(
      "INSERT INTO method (owner, uid, id, type, name, weak, created, confirmed, last_used,"
      " algorithm, digits, period, last_factor, clock_offset, key, seed)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
  statement.bind(method.owner.name, method.owner.uid, method.id.bytes, method.type, method.name);
  statement.bind(method.weak, method.created, method.confirmed, method.last_used);
  statement.bind(stored.parameters.algorithm, stored.parameters.digits);
  statement.bind(stored.parameters.period.count(), stored.last_used, stored.offset);
  const auto inserted = statement.bind(seed.key, seed.bytes).execute();
  if (!inserted) return inserted.error();
  return Done{};
}

// What the owner of this method was invited to do has been done, or looks different now (S76).
Status end_tickets_about(Database& database, const MethodId& id) {
  auto end =
      database.prepare("DELETE FROM ticket WHERE owner = (SELECT owner FROM method WHERE id = ?1)");
  const auto ended = end.bind(id.bytes).execute();
  if (!ended) return ended.error();
  return Done{};
}

// For writes whose condition is in the statement: Won if it changed a row, otherwise undone.
Result<Claim> claim(WriteScope& scope, const Result<int>& changed) {
  if (!changed) return changed.error();
  return *changed == 1 ? Claim::Won : scope.undo(Claim::Lost);
}

}  // namespace

namespace sqlite {

AuthenticationMethod read_method(const Statement& row) {
  return read_method_of({row.text(7), row.number<Uid>(8)}, row);
}

AuthenticationMethod read_method_of(const Account& owner, const Statement& row) {
  const auto time = [&row](int column) { return row.time(column); };
  return {.id = {row.array<decltype(Ulid::bytes)>(0)},
          .owner = owner,
          .type = row.named<MethodType>(1),
          .name = row.text(2),
          .created = row.time(3),
          .confirmed = row.optional(4, time),
          .last_used = row.optional(5, time),
          .weak = row.integer(6) != 0};
}

}  // namespace sqlite

Result<std::vector<AuthenticationMethod>> SqliteStore::methods_of(std::string_view name) {
  return reading([name](Database& database) -> Result<std::vector<AuthenticationMethod>> {
    auto row = database.prepare(
        "SELECT id, type, name, created, confirmed, last_used, weak, owner, uid FROM method"
        " WHERE owner = ?1");
    row.bind(name);
    auto found = sqlite::rows_of(row, sqlite::read_method);
    if (!found) return found;
    auto methods = *std::move(found);
    // A handful at most: cheaper here than a sorter in SQLite.
    std::sort(methods.begin(), methods.end(), [](const auto& a, const auto& b) {
      return std::pair(a.created, a.id) < std::pair(b.created, b.id);
    });
    return methods;
  });
}

Result<std::optional<OtpMethod>> SqliteStore::otp_method(const MethodId& id) {
  return reading([&](Database& database) -> Result<std::optional<OtpMethod>> {
    auto row = database.prepare(
        "SELECT id, type, name, created, confirmed, last_used, weak, owner, uid,"
        " algorithm, digits, period, last_factor, clock_offset, seed FROM method"
        " WHERE id = ?1 AND seed IS NOT NULL");
    const auto next = row.bind(id.bytes).step();
    if (!next) return next.error();
    if (*next == Next::End) return std::optional<OtpMethod>();
    auto method = sqlite::read_method(row);
    auto seed = sealing::open_seed(keys_, id, method.owner, row.blob(14));
    if (!seed) return seed.error();
    OtpCredential credential{.id = id,
                             .type = method.type,
                             .parameters = {.algorithm = row.named<HashAlgorithm>(9),
                                            .digits = row.number<int>(10),
                                            .period = std::chrono::seconds{row.integer(11)}},
                             .seed = *std::move(seed),
                             .last_used = row.integer(12),
                             .offset = row.number<int>(13)};
    return std::optional(OtpMethod{std::move(method), std::move(credential)});
  });
}

Result<Addition> SqliteStore::add_otp_method(const OtpMethod& method,
                                             const MethodLimits& limits,
                                             const AuditEvent& event) {
  auto seed = seal(keys_, method);
  if (!seed) return seed.error();
  const StoredParameters stored{.parameters = method.credential.parameters,
                                .last_used = method.credential.last_used,
                                .offset = method.credential.offset};
  return recorded<Addition>(
      event,
      [method = method.method, stored, limits, seed = *std::move(seed)](
          WriteScope& scope) -> Result<Addition> {
        const auto counts = count(scope.database, method);
        if (!counts) return counts.error();
        const bool too_many = counts->of_type >= limits.of_type ||
                              (!method.confirmed && counts->unconfirmed >= limits.unconfirmed);
        if (too_many) return scope.undo(Addition::TooMany);
        const auto inserted = insert(scope.database, method, stored, seed);
        if (!inserted) return inserted.error();
        const auto known = sqlite::note_owner(scope.database, method.owner, method.created);
        if (!known) return known.error();
        return Addition::Added;
      });
}

Result<Claim> SqliteStore::confirm_otp_method(const MethodId& id,
                                              MovingFactor used,
                                              WallTime when,
                                              const AuditEvent& event) {
  return recorded<Claim>(event, [id, used, when](WriteScope& scope) -> Result<Claim> {
    if (const auto ended = end_tickets_about(scope.database, id); !ended) return ended.error();
    auto statement = scope.database.prepare(
        "UPDATE method SET confirmed = ?2, last_factor = max(last_factor, ?3)"
        " WHERE id = ?1 AND confirmed IS NULL AND seed IS NOT NULL");
    return claim(scope, statement.bind(id.bytes, when, used).execute());
  });
}

Result<Claim> SqliteStore::resynchronize(const MethodId& id,
                                         int offset,
                                         MovingFactor used,
                                         const AuditEvent& event) {
  return recorded<Claim>(event, [id, offset, used](WriteScope& scope) {
    auto statement = scope.database.prepare(
        "UPDATE method SET clock_offset = ?2, last_factor = ?3"
        " WHERE id = ?1 AND confirmed IS NOT NULL AND last_factor < ?3");
    return claim(scope, statement.bind(id.bytes, offset, used).execute());
  });
}

Result<Claim> SqliteStore::rename_method(const MethodId& id,
                                         std::string_view name,
                                         const AuditEvent& event) {
  return recorded<Claim>(event, [id, name = std::string(name)](WriteScope& scope) {
    auto statement = scope.database.prepare("UPDATE method SET name = ?2 WHERE id = ?1");
    return claim(scope, statement.bind(id.bytes, name).execute());
  });
}

Result<Claim> SqliteStore::remove_method(const MethodId& id, const AuditEvent& event) {
  return recorded<Claim>(event, [id](WriteScope& scope) -> Result<Claim> {
    auto end = scope.database.prepare(
        "DELETE FROM conversation WHERE owner = (SELECT owner FROM method WHERE id = ?1)");
    if (const auto ended = end.bind(id.bytes).execute(); !ended) return ended.error();
    if (const auto ended = end_tickets_about(scope.database, id); !ended) return ended.error();
    auto statement = scope.database.prepare("DELETE FROM method WHERE id = ?1");
    return claim(scope, statement.bind(id.bytes).execute());
  });
}

Status SqliteStore::replace_recovery_codes(const AuthenticationMethod& method,
                                           const std::vector<KeyedDigest>& codes,
                                           const AuditEvent& event) {
  if (codes.empty()) return Error{ErrorCode::InvalidInput, "a set without recovery codes"};
  const KeyId key = codes.front().key;
  if (std::any_of(
          codes.begin(), codes.end(), [key](const auto& code) { return code.key != key; })) {
    return Error{ErrorCode::InvalidInput, "recovery codes of one set under different keys"};
  }
  return recorded<Done>(event, [method, codes, key](WriteScope& scope) -> Status {
    auto end =
        scope.database.prepare("DELETE FROM method WHERE owner = ?1 AND uid = ?2 AND type = ?3");
    const auto ended =
        end.bind(method.owner.name, method.owner.uid, MethodType::RecoveryCode).execute();
    if (!ended) return ended.error();
    auto insert = scope.database.prepare(
        "INSERT INTO method (owner, uid, id, type, name, weak, created, confirmed, last_used, key)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    insert.bind(method.owner.name, method.owner.uid, method.id.bytes, MethodType::RecoveryCode);
    insert.bind(method.name, method.weak, method.created, method.confirmed, method.last_used);
    const auto inserted = insert.bind(key).execute();
    if (!inserted) return inserted.error();
    const auto known = sqlite::note_owner(scope.database, method.owner, method.created);
    if (!known) return known.error();
    for (const auto& code : codes) {
      auto add = scope.database.prepare(
          "INSERT INTO recovery_code (method, digest) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
      const auto added = add.bind(method.id.bytes, code.bytes).execute();
      if (!added) return added.error();
    }
    return Done{};
  });
}

}  // namespace twinlock
