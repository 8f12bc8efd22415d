// SPDX-License-Identifier: MIT
#include "daemon/store/sqlite_conversations.h"

#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Statement;

Conversation read_conversation(const Statement& row) {
  const auto duration = [&row](int column) {
    return std::chrono::milliseconds{row.integer(column)};
  };
  Conversation stored{.id = row.array<ConversationId>(0),
                      .nonce = row.array<Nonce>(1),
                      .purpose = row.named<Purpose>(2),
                      .subject = row.array<SubjectDigest>(3),
                      .requested_user = row.text(4),
                      .account = {},
                      .service = row.text(7),
                      .source = row.text(8),
                      .vantage = row.named<Vantage>(9),
                      .started = {.wall = row.time(10), .since_boot = duration(11)},
                      .touched = {.wall = row.time(12), .since_boot = duration(13)},
                      .phase = row.named<Phase>(14),
                      .reason = row.named<Reason>(15),
                      .answers = row.number<int>(16),
                      .satisfied_by = row.optional(
                          17, [&row](int column) { return row.named<MethodType>(column); })};
  if (!row.is_null(5)) stored.account = Account{row.text(5), row.number<Uid>(6)};
  return stored;
}

Result<Claim> insert(Database& database, const Conversation& conversation) {
  std::optional<std::string_view> owner;
  std::optional<Uid> uid;
  if (conversation.account) {
    owner = conversation.account->name;
    uid = conversation.account->uid;
  }
  auto statement = database.prepare(
      "INSERT INTO conversation (id, nonce, purpose, subject, requested_user, owner, uid, service,"
      " source, vantage, started, started_since_boot, touched, touched_since_boot, phase,"
      " reason, answers, satisfied_by)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"
      " ON CONFLICT (id) DO NOTHING");
  statement.bind(conversation.id, conversation.nonce, conversation.purpose, conversation.subject);
  statement.bind(conversation.requested_user, owner, uid, conversation.service);
  statement.bind(conversation.source, conversation.vantage);
  statement.bind(conversation.started.wall, conversation.started.since_boot);
  statement.bind(conversation.touched.wall, conversation.touched.since_boot);
  statement.bind(conversation.phase, conversation.reason, conversation.answers);
  statement.bind(conversation.satisfied_by);
  const auto changed = statement.execute();
  if (!changed) return changed.error();
  return *changed == 1 ? Claim::Won : Claim::Lost;
}

struct Counts {
  int within_an_hour;
  int all;
};

// Of the subject's conversations that were neither granted nor exempt, the new one included unless
// it is.
Result<Counts> count(Database& database, const Conversation& conversation) {
  auto row = database.prepare(
      "SELECT count(*) FILTER (WHERE started > ?2), count(*) FROM conversation"
      " WHERE subject = ?1 AND phase <> 2 AND phase <> 3");
  const WallTime since = conversation.started.wall - 1h;
  const auto next = row.bind(conversation.subject, since).step();
  if (!next) return next.error();
  return Counts{.within_an_hour = row.number<int>(0), .all = row.number<int>(1)};
}

// Those that a statement names by their ids, one a row: one statement alone knows the columns.
Result<std::vector<Conversation>> conversations_of(Database& database, Statement& row) {
  const auto ids =
      sqlite::rows_of(row, [](const Statement& each) { return each.array<ConversationId>(0); });
  if (!ids) return ids.error();
  std::vector<Conversation> found;
  for (const auto& id : *ids) {
    auto conversation = sqlite::find_conversation(database, id);
    if (!conversation) return conversation.error();
    if (*conversation) found.push_back(**std::move(conversation));
  }
  return found;
}

Result<std::vector<Conversation>> supersede_older(Database& database,
                                                  const Conversation& newest,
                                                  int live) {
  auto statement = database.prepare(
      "UPDATE conversation SET phase = ?4, reason = ?5 WHERE number IN"
      " (SELECT number FROM conversation WHERE subject = ?1 AND phase <> 2 AND phase <> 3"
      "  AND phase = ?6 AND id <> ?2 ORDER BY number DESC LIMIT -1 OFFSET ?3) RETURNING id");
  statement.bind(newest.subject, newest.id, live - 1);
  statement.bind(Phase::Denied, Reason::Superseded, Phase::Asking);
  return conversations_of(database, statement);
}

Result<OpenedConversation> open_within(WriteScope& scope,
                                       const Conversation& conversation,
                                       const ConversationLimits& limits) {
  using Outcome = OpenedConversation::Outcome;
  const auto inserted = insert(scope.database, conversation);
  if (!inserted) return inserted.error();
  if (*inserted == Claim::Lost) {
    const auto stored = sqlite::find_conversation(scope.database, conversation.id);
    if (!stored) return stored.error();
    return OpenedConversation{Outcome::Repeated, **stored, {}};
  }
  const auto counts = count(scope.database, conversation);
  if (!counts) return counts.error();
  const bool counted = conversation.phase != Phase::Granted && conversation.phase != Phase::Exempt;
  if (counts->within_an_hour - (counted ? 1 : 0) >= limits.per_hour) {
    return scope.undo(OpenedConversation{Outcome::TooMany, conversation, {}});
  }
  OpenedConversation opened{Outcome::Opened, conversation, {}};
  if (conversation.phase == Phase::Asking && counts->all > limits.live) {
    auto superseded = supersede_older(scope.database, conversation, limits.live);
    if (!superseded) return superseded.error();
    opened.superseded = *std::move(superseded);
  }
  return opened;
}

}  // namespace

namespace sqlite {

Result<std::optional<Conversation>> find_conversation(Database& database,
                                                      const ConversationId& id) {
  auto row = database.prepare(
      "SELECT id, nonce, purpose, subject, requested_user, owner, uid, service, source,"
      " vantage, started, started_since_boot, touched, touched_since_boot, phase, reason,"
      " answers, satisfied_by FROM conversation WHERE id = ?1");
  const auto next = row.bind(id).step();
  if (!next) return next.error();
  if (*next == sqlite::Next::End) return std::optional<Conversation>();
  return std::optional(read_conversation(row));
}

Result<Claim> advance(Database& database, const Conversation& next, const Nonce& expected) {
  // Two texts for one change: one that goes on asking leaves the index of subjects alone.
  const bool asks = next.phase == Phase::Asking;
  auto statement =
      asks ? database.prepare(
                 "UPDATE conversation SET nonce = ?3, touched = ?4, touched_since_boot = ?5,"
                 " reason = ?6, answers = ?7, satisfied_by = ?8"
                 " WHERE id = ?1 AND nonce = ?2 AND phase = ?9")
           : database.prepare(
                 "UPDATE conversation SET nonce = ?3, touched = ?4, touched_since_boot = ?5,"
                 " reason = ?6, answers = ?7, satisfied_by = ?8, phase = ?10"
                 " WHERE id = ?1 AND nonce = ?2 AND phase = ?9");
  statement.bind(next.id, expected, next.nonce, next.touched.wall, next.touched.since_boot);
  statement.bind(next.reason, next.answers, next.satisfied_by, Phase::Asking);
  if (!asks) statement.bind(next.phase);
  const auto changed = statement.execute();
  if (!changed) return changed.error();
  return *changed == 1 ? Claim::Won : Claim::Lost;
}

Result<Claim> end_granted(Database& database,
                          const Conversation& conversation,
                          const Nonce& expected) {
  auto statement = database.prepare(
      "UPDATE conversation SET nonce = ?3, touched = ?4, touched_since_boot = ?5,"
      " reason = ?6, answers = ?7, satisfied_by = ?8, phase = ?9"
      " WHERE id = ?1 AND nonce = ?2 AND (phase IN (?10, ?11) OR reason = ?12)");
  statement.bind(conversation.id, expected, conversation.nonce);
  statement.bind(conversation.touched.wall, conversation.touched.since_boot);
  statement.bind(conversation.reason, conversation.answers, conversation.satisfied_by);
  statement.bind(conversation.phase, Phase::Asking, Phase::Exhausted);
  const auto changed = statement.bind(Reason::Superseded).execute();
  if (!changed) return changed.error();
  return *changed == 1 ? Claim::Won : Claim::Lost;
}

}  // namespace sqlite

Result<OpenedConversation> SqliteStore::open_conversation(const Conversation& conversation,
                                                          const ConversationLimits& limits) {
  return writing<OpenedConversation>(Durability::Process,
                                     [conversation, limits](WriteScope& scope) {
                                       return open_within(scope, conversation, limits);
                                     });
}

Result<std::optional<Conversation>> SqliteStore::conversation(const ConversationId& id) {
  return reading([&id](Database& database) { return sqlite::find_conversation(database, id); });
}

Result<std::vector<Conversation>> SqliteStore::asking_since_before(WallTime before, int limit) {
  return reading([before, limit](Database& database) -> Result<std::vector<Conversation>> {
    auto row = database.prepare(
        "SELECT id FROM conversation WHERE phase = ?1 AND started < ?2 ORDER BY number LIMIT ?3");
    row.bind(Phase::Asking, before, limit);
    return sqlite::in_one_snapshot(database, [&] { return conversations_of(database, row); });
  });
}

Result<Claim> SqliteStore::advance_conversation(const Conversation& next, const Nonce& expected) {
  return writing<Claim>(Durability::Process, [next, expected](WriteScope& scope) {
    return sqlite::advance(scope.database, next, expected);
  });
}

}  // namespace twinlock
