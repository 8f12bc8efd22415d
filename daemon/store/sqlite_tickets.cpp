// SPDX-License-Identifier: MIT
#include "daemon/store/sqlite_methods.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;

}  // namespace

namespace sqlite {

Status end_tickets(Database& database, const std::string& name) {
  auto end = database.prepare("DELETE FROM ticket WHERE owner = ?1");
  const auto ended = end.bind(name).execute();
  if (!ended) return ended.error();
  return Done{};
}

}  // namespace sqlite

Status SqliteStore::add_ticket(const Ticket& ticket, const AuditEvent& event) {
  return recorded<Done>(event, [ticket](WriteScope& scope) -> Status {
    auto insert = scope.database.prepare(
        "INSERT INTO ticket (digest, owner, uid, factor, issuer, created, expires, allow_multiple,"
        " locale) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    insert.bind(ticket.digest, ticket.owner.name, ticket.owner.uid, ticket.factor, ticket.issuer);
    insert.bind(ticket.created, ticket.expires, ticket.allow_multiple, ticket.locale);
    const auto inserted = insert.execute();
    if (!inserted) return inserted.error();
    return Done{};
  });
}

Result<std::optional<Ticket>> SqliteStore::ticket(const TicketDigest& digest) {
  return reading([&](Database& database) -> Result<std::optional<Ticket>> {
    auto row = database.prepare(
        "SELECT owner, uid, factor, issuer, created, expires, allow_multiple, locale, redeemed"
        " FROM ticket WHERE digest = ?1");
    const auto next = row.bind(digest).step();
    if (!next) return next.error();
    if (*next == Next::End) return std::optional<Ticket>();
    return std::optional(
        Ticket{.digest = digest,
               .owner = {row.text(0), row.number<Uid>(1)},
               .factor = row.optional(2, [&row](int column) { return row.named<Factor>(column); }),
               .issuer = row.text(3),
               .created = row.time(4),
               .expires = row.time(5),
               .allow_multiple = row.integer(6) != 0,
               .locale = row.text(7),
               .redeemed = row.optional(8, [&row](int column) { return row.time(column); })});
  });
}

Result<Claim> SqliteStore::redeem_ticket(const TicketDigest& digest,
                                         WallTime now,
                                         const AuditEvent& event) {
  return recorded<Claim>(event, [digest, now](WriteScope& scope) -> Result<Claim> {
    auto redeem = scope.database.prepare(
        "UPDATE ticket SET redeemed = ?2 WHERE digest = ?1 AND redeemed IS NULL AND expires > ?2");
    const auto redeemed = redeem.bind(digest, now).execute();
    if (!redeemed) return redeemed.error();
    return *redeemed == 1 ? Claim::Won : scope.undo(Claim::Lost);
  });
}

}  // namespace twinlock
