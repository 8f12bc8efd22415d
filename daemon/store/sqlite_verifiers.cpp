// SPDX-License-Identifier: MIT
#include <algorithm>

#include "daemon/store/sealing.h"
#include "daemon/store/sqlite_conversations.h"
#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;

constexpr std::size_t kTimeSize = 6;  // milliseconds since 1970 until the year 10889

std::vector<std::uint8_t> pack(const std::vector<WallTime>& times) {
  std::vector<std::uint8_t> packed;
  packed.reserve(times.size() * kTimeSize);
  for (const auto time : times) {
    const auto value = std::max<std::int64_t>(time.time_since_epoch().count(), 0);
    for (int shift = 40; shift >= 0; shift -= 8) {
      packed.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }
  return packed;
}

std::vector<WallTime> unpack(sqlite::Bytes packed) {
  std::vector<WallTime> times;
  times.reserve(packed.size() / kTimeSize);
  for (; packed.size() >= kTimeSize; packed = packed.subspan(kTimeSize)) {
    std::int64_t value = 0;
    for (const auto byte : packed.first(kTimeSize)) value = value << 8 | byte;
    times.emplace_back(std::chrono::milliseconds{value});
  }
  return times;
}

// The place as a key: empty for the budgets that have none.
sqlite::Bytes key_of(Budget budget, const PlaceDigest& place) {
  return budget == Budget::Place ? sqlite::Bytes(place) : sqlite::Bytes();
}

}  // namespace

namespace sqlite {

Result<Claim> write_attempts(Database& database,
                             const Account& account,
                             const AttemptChange& change) {
  auto statement =
      change.next.version == 0
          ? database.prepare(
                "INSERT INTO attempts (owner, uid, budget, place, version, consecutive, failures)"
                " VALUES (?1, ?2, ?3, ?4, ?5 + 1, ?6, ?7) ON CONFLICT DO NOTHING")
          : database.prepare(
                "UPDATE attempts SET version = ?5 + 1, consecutive = ?6, failures = ?7"
                " WHERE owner = ?1 AND uid = ?2 AND budget = ?3 AND place = ?4 AND version = ?5");
  const auto failures = pack(change.next.failures);
  statement.bind(account.name, account.uid, change.budget, key_of(change.budget, change.place));
  const auto changed =
      statement.bind(change.next.version, change.next.consecutive, failures).execute();
  if (!changed) return changed.error();
  return *changed == 1 ? Claim::Won : Claim::Lost;
}

Result<std::vector<OtpCredential>> read_otp_credentials(Database& database,
                                                        KeyRing& keys,
                                                        const Account& account) {
  auto row = database.prepare(
      "SELECT id, type, algorithm, digits, period, last_factor, clock_offset, seed FROM method"
      " WHERE owner = ?1 AND uid = ?2 AND confirmed IS NOT NULL AND seed IS NOT NULL");
  row.bind(account.name, account.uid);
  std::vector<OtpCredential> found;
  while (true) {
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End) return found;
    const MethodId id{row.array<decltype(Ulid::bytes)>(0)};
    auto seed = sealing::open_seed(keys, id, account, row.blob(7));
    if (!seed) return seed.error();
    found.push_back({.id = id,
                     .type = row.named<MethodType>(1),
                     .parameters = {.algorithm = row.named<HashAlgorithm>(2),
                                    .digits = row.number<int>(3),
                                    .period = std::chrono::seconds{row.integer(4)}},
                     .seed = *std::move(seed),
                     .last_used = row.integer(5),
                     .offset = row.number<int>(6)});
  }
}

Result<std::optional<RecoverySet>> read_recovery_set(Database& database, const Account& account) {
  auto row = database.prepare(
      "SELECT id, key, (SELECT count(*) FROM recovery_code WHERE method = id) FROM method"
      " WHERE owner = ?1 AND uid = ?2 AND type = ?3 AND confirmed IS NOT NULL");
  const auto next = row.bind(account.name, account.uid, MethodType::RecoveryCode).step();
  if (!next) return next.error();
  if (*next == Next::End) return std::optional<RecoverySet>();
  return std::optional(RecoverySet{.method = {row.array<decltype(Ulid::bytes)>(0)},
                                   .key = row.number<KeyId>(1),
                                   .left = row.number<int>(2)});
}

Result<Attempts> read_attempts(Database& database,
                               const Account& account,
                               Budget budget,
                               const PlaceDigest& place) {
  auto row = database.prepare(
      "SELECT version, consecutive, failures FROM attempts"
      " WHERE owner = ?1 AND uid = ?2 AND budget = ?3 AND place = ?4");
  const auto next = row.bind(account.name, account.uid, budget, key_of(budget, place)).step();
  if (!next) return next.error();
  if (*next == Next::End) return Attempts{};
  return Attempts{.version = row.integer(0),
                  .consecutive = row.number<int>(1),
                  .failures = unpack(row.blob(2))};
}

}  // namespace sqlite

Result<std::optional<RecoverySet>> SqliteStore::recovery_set(const Account& account) {
  return reading([&](Database& database) { return sqlite::read_recovery_set(database, account); });
}

Result<Attempts> SqliteStore::attempts(const Account& account,
                                       Budget budget,
                                       const PlaceDigest& place) {
  return reading(
      [&](Database& database) { return sqlite::read_attempts(database, account, budget, place); });
}

Result<std::optional<PlaceDigest>> SqliteStore::known_place(const Account& account,
                                                            const std::vector<PlaceDigest>& places,
                                                            WallTime since) {
  return reading([&](Database& database) -> Result<std::optional<PlaceDigest>> {
    for (const auto& place : places) {
      auto row = database.prepare(
          "SELECT 1 FROM known_place"
          " WHERE owner = ?1 AND uid = ?2 AND place = ?3 AND seen >= ?4");
      const auto next = row.bind(account.name, account.uid, place, since).step();
      if (!next) return next.error();
      if (*next == Next::Row) return std::optional(place);
    }
    return std::optional<PlaceDigest>();
  });
}

Result<AttemptClaim> SqliteStore::count_attempt(const Conversation& next,
                                                const Nonce& expected,
                                                const Account& account,
                                                const AttemptChange& change) {
  return writing<AttemptClaim>(
      Durability::Process,
      [next, expected, account, change](WriteScope& scope) -> Result<AttemptClaim> {
        const auto advanced = sqlite::advance(scope.database, next, expected);
        if (!advanced) return advanced.error();
        if (*advanced == Claim::Lost) return scope.undo(AttemptClaim::ConversationMoved);
        const auto written = sqlite::write_attempts(scope.database, account, change);
        if (!written) return written.error();
        if (*written == Claim::Lost) return scope.undo(AttemptClaim::AttemptsMoved);
        return AttemptClaim::Counted;
      });
}

}  // namespace twinlock
