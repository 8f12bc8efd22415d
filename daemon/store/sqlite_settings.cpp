// SPDX-License-Identifier: MIT
#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;

// Factors that are on, as bits numbered by the enumerators.
std::int64_t bit_of(Factor factor) { return std::int64_t{1} << static_cast<int>(factor); }

Status changed_one(const Result<int>& changed) {
  if (!changed) return changed.error();
  if (*changed == 1) return Done{};
  return Error{ErrorCode::Unavailable, "the store has lost its settings"};
}

// Of a row that begins with policy and factors.
Result<RuntimeSettings> read_row(sqlite::Statement& row) {
  const auto next = row.step();
  if (!next) return next.error();
  if (*next == sqlite::Next::End) {
    return Error{ErrorCode::Unavailable, "the store has lost its settings"};
  }
  RuntimeSettings settings{.policy = row.named<LoginPolicy>(0), .enabled = {}};
  for (const auto factor : kFactors) {
    if ((row.integer(1) & bit_of(factor)) != 0) settings.enabled.push_back(factor);
  }
  return settings;
}

}  // namespace

namespace sqlite {

Result<RuntimeSettings> read_settings(Database& database) {
  auto row = database.prepare("SELECT policy, factors FROM settings WHERE id = 1");
  return read_row(row);
}

Result<AccountSettings> read_settings_for(Database& database, const Account& account) {
  auto row = database.prepare(
      "SELECT policy, factors,"
      " EXISTS (SELECT 1 FROM blocked_user WHERE owner = ?1 AND uid = ?2)"
      " FROM settings WHERE id = 1");
  row.bind(account.name, account.uid);
  auto settings = read_row(row);
  if (!settings) return settings.error();
  return AccountSettings{*std::move(settings), row.integer(2) != 0};
}

}  // namespace sqlite

Result<RuntimeSettings> SqliteStore::settings() {
  return reading([](Database& database) { return sqlite::read_settings(database); });
}

Result<AccountSettings> SqliteStore::settings_for(const Account& account) {
  return reading([&](Database& database) { return sqlite::read_settings_for(database, account); });
}

Status SqliteStore::set_policy(LoginPolicy policy, const AuditEvent& event) {
  return recorded<Done>(event, [policy](WriteScope& scope) {
    auto update = scope.database.prepare("UPDATE settings SET policy = ?1 WHERE id = 1");
    return changed_one(update.bind(policy).execute());
  });
}

Status SqliteStore::set_factor(Factor factor, bool enabled, const AuditEvent& event) {
  return recorded<Done>(event, [factor, enabled](WriteScope& scope) {
    auto update =
        enabled
            ? scope.database.prepare("UPDATE settings SET factors = factors | ?1 WHERE id = 1")
            : scope.database.prepare("UPDATE settings SET factors = factors & ~?1 WHERE id = 1");
    return changed_one(update.bind(bit_of(factor)).execute());
  });
}

}  // namespace twinlock
