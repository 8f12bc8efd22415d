// SPDX-License-Identifier: MIT
#include "daemon/store/sqlite_conversations.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;

Claim claim_of(int changed) { return changed == 1 ? Claim::Won : Claim::Lost; }

// The owner is part of the condition: a grant can only use up what is its own user's.
Result<Claim> use(Database& database, const OtpUse& use, const Account& account, WallTime when) {
  auto statement = database.prepare(
      "UPDATE method SET last_factor = ?4, last_used = ?5"
      " WHERE owner = ?1 AND uid = ?2 AND id = ?3 AND confirmed IS NOT NULL AND last_factor < ?4");
  const auto changed =
      statement.bind(account.name, account.uid, use.method.bytes, use.factor, when).execute();
  if (!changed) return changed.error();
  return claim_of(*changed);
}

Result<Claim> use(Database& database,
                  const RecoveryCodeUse& use,
                  const Account& account,
                  WallTime when) {
  auto mark = database.prepare(
      "UPDATE method SET last_used = ?5"
      " WHERE owner = ?1 AND uid = ?2 AND id = ?3 AND confirmed IS NOT NULL AND type = ?6"
      " AND key = ?4");
  mark.bind(account.name, account.uid, use.method.bytes, use.digest.key, when);
  const auto marked = mark.bind(MethodType::RecoveryCode).execute();
  if (!marked) return marked.error();
  if (*marked != 1) return Claim::Lost;
  auto spend = database.prepare("DELETE FROM recovery_code WHERE method = ?1 AND digest = ?2");
  const auto spent = spend.bind(use.method.bytes, use.digest.bytes).execute();
  if (!spent) return spent.error();
  return claim_of(*spent);
}

// Forgets the places beyond the newest, and what was counted there.
Status keep_newest_places(Database& database, const Account& account) {
  auto forget_attempts = database.prepare(
      "DELETE FROM attempts WHERE owner = ?1 AND uid = ?2 AND budget = ?4 AND place IN"
      " (SELECT place FROM known_place WHERE owner = ?1 AND uid = ?2"
      "  ORDER BY seen DESC, place LIMIT -1 OFFSET ?3)");
  forget_attempts.bind(account.name, account.uid, kKnownPlaces, Budget::Place);
  if (const auto forgotten = forget_attempts.execute(); !forgotten) return forgotten.error();
  auto forget = database.prepare(
      "DELETE FROM known_place WHERE owner = ?1 AND uid = ?2 AND place IN"
      " (SELECT place FROM known_place WHERE owner = ?1 AND uid = ?2"
      "  ORDER BY seen DESC, place LIMIT -1 OFFSET ?3)");
  forget.bind(account.name, account.uid, kKnownPlaces);
  if (const auto forgotten = forget.execute(); !forgotten) return forgotten.error();
  return Done{};
}

Status remember(Database& database,
                const Account& account,
                const PlaceDigest& place,
                WallTime when) {
  auto renew = database.prepare(
      "UPDATE known_place SET seen = ?4 WHERE owner = ?1 AND uid = ?2 AND place = ?3");
  const auto renewed = renew.bind(account.name, account.uid, place, when).execute();
  if (!renewed) return renewed.error();
  if (*renewed == 1) return Done{};
  auto insert =
      database.prepare("INSERT INTO known_place (owner, uid, place, seen) VALUES (?1, ?2, ?3, ?4)");
  const auto inserted = insert.bind(account.name, account.uid, place, when).execute();
  if (!inserted) return inserted.error();
  return keep_newest_places(database, account);
}

Result<GrantOutcome> grant_within(WriteScope& scope, const Grant& grant) {
  auto& database = scope.database;
  const auto& account = *grant.conversation.account;
  const auto when = grant.conversation.touched.wall;

  const auto ended = sqlite::end_granted(database, grant.conversation, grant.expected);
  if (!ended) return ended.error();
  if (*ended == Claim::Lost) return scope.undo(GrantOutcome::ConversationMoved);

  const auto used = std::visit(
      [&](const auto& factor) { return use(database, factor, account, when); }, grant.use);
  if (!used) return used.error();
  if (*used == Claim::Lost) return scope.undo(GrantOutcome::Spent);

  for (const auto& change : grant.attempts) {
    const auto written = sqlite::write_attempts(database, account, change);
    if (!written) return written.error();
    if (*written == Claim::Lost) return scope.undo(GrantOutcome::AttemptsMoved);
  }
  if (grant.place) {
    const auto remembered = remember(database, account, *grant.place, when);
    if (!remembered) return remembered.error();
  }
  return GrantOutcome::Granted;
}

}  // namespace

Result<GrantOutcome> SqliteStore::grant(const Grant& grant) {
  if (!grant.conversation.account) return Error{ErrorCode::Internal, "a grant to nobody"};
  return recorded<GrantOutcome>(grant.event,
                                [grant](WriteScope& scope) { return grant_within(scope, grant); });
}

}  // namespace twinlock
