// SPDX-License-Identifier: MIT
#include "daemon/domain/user_id.h"
#include "daemon/store/sqlite_methods.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;

// The version goes on: a login that has read the old failures must not write them back.
// Returns how many budgets had something in them.
Result<int> clear_attempts(Database& database, const std::string& name) {
  auto clear = database.prepare(
      "UPDATE attempts SET version = version + 1, consecutive = 0, failures = x''"
      " WHERE owner = ?1 AND (consecutive > 0 OR failures <> x'')");
  return clear.bind(name).execute();
}

}  // namespace

namespace sqlite {

Result<int> remove_methods_of(Database& database, const std::string& name) {
  auto remove = database.prepare("DELETE FROM method WHERE owner = ?1");
  auto removed = remove.bind(name).execute();
  if (!removed) return removed;
  auto end = database.prepare("DELETE FROM conversation WHERE owner = ?1");
  if (auto ended = end.bind(name).execute(); !ended) return ended;
  auto forget = database.prepare("DELETE FROM known_place WHERE owner = ?1");
  if (auto forgotten = forget.bind(name).execute(); !forgotten) return forgotten;
  if (const auto ended = end_tickets(database, name); !ended) return ended.error();
  const auto cleared = clear_attempts(database, name);
  if (!cleared) return cleared.error();
  return removed;
}

}  // namespace sqlite

Result<std::vector<UserSummary>> SqliteStore::users_after(std::string_view after, int limit) {
  auto users = reading([after, limit](Database& database) -> Result<std::vector<UserSummary>> {
    auto row = database.prepare(
        "SELECT owner, uid, count(confirmed),"
        " EXISTS (SELECT 1 FROM blocked_user AS b WHERE b.owner = m.owner AND b.uid = m.uid)"
        " FROM method AS m WHERE owner > ?1 AND uid <> ?2"
        " GROUP BY owner, uid ORDER BY owner, uid");
    row.bind(after, kNoUid);
    std::vector<UserSummary> found;
    while (limit > 0) {
      const auto next = row.step();
      if (!next) return next.error();
      if (*next == Next::End) break;
      Account account{row.text(0), row.number<Uid>(1)};
      // Accounts of one name stay on one page: the next one starts after the name.
      const bool full = found.size() >= static_cast<std::size_t>(limit);
      if (full && found.back().account.name != account.name) break;
      found.push_back({.account = std::move(account),
                       .confirmed_methods = row.number<int>(2),
                       .short_code = {},
                       .blocked = row.integer(3) != 0});
    }
    return found;
  });
  if (!users) return users;
  auto found = *std::move(users);
  for (auto& user : found) {
    auto counted = attempts(user.account, Budget::ShortCode, {});
    if (!counted) return counted.error();
    user.short_code = *std::move(counted);
  }
  return found;
}

Result<int> SqliteStore::forget_attempts(std::string_view name, const AuditEvent& event) {
  return recorded<int>(event, [name = std::string(name)](WriteScope& scope) -> Result<int> {
    auto end = scope.database.prepare(
        "DELETE FROM conversation WHERE owner = ?1 AND phase NOT IN (?2, ?3, ?4)");
    end.bind(name, Phase::Asking, Phase::Granted, Phase::Exempt);
    const auto ended = end.execute();
    if (!ended) return ended;
    const auto cleared = clear_attempts(scope.database, name);
    if (!cleared) return cleared;
    const int forgotten = *ended + *cleared;
    return forgotten > 0 ? forgotten : scope.undo(0);
  });
}

Result<int> SqliteStore::remove_methods_of(std::string_view name, const AuditEvent& event) {
  return recorded<int>(event, [name = std::string(name)](WriteScope& scope) {
    return sqlite::remove_methods_of(scope.database, name);
  });
}

}  // namespace twinlock
