// SPDX-License-Identifier: MIT
#include "daemon/store/sqlite_api_clients.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;

// Leaves the client room for one more: a script that asks for a token at each call must not fill
// the disk.
Status make_room(Database& database, const std::string& client) {
  auto remove = database.prepare(
      "DELETE FROM access_token WHERE hash IN (SELECT hash FROM access_token WHERE client = ?1"
      " ORDER BY created DESC LIMIT -1 OFFSET ?2)");
  const auto removed = remove.bind(client, kMaxLiveTokens - 1).execute();
  if (!removed) return removed.error();
  return Done{};
}

}  // namespace

Result<Claim> SqliteStore::add_access_token(const AccessToken& token, const AuditEvent& event) {
  return recorded<Claim>(event, [token](WriteScope& scope) -> Result<Claim> {
    auto note = scope.database.prepare("UPDATE api_client SET last_token = ?2 WHERE id = ?1");
    const auto noted = note.bind(token.client, token.created).execute();
    if (!noted) return noted.error();
    if (*noted == 0) return scope.undo(Claim::Lost);
    if (const auto room = make_room(scope.database, token.client); !room) return room.error();
    const auto scopes = sqlite::stored_scopes(token.scopes);
    auto insert = scope.database.prepare("INSERT INTO access_token VALUES (?1, ?2, ?3, ?4, ?5)");
    insert.bind(token.hash, token.client, scopes, token.created, token.expires);
    if (const auto added = insert.execute(); !added) return added.error();
    return Claim::Won;
  });
}

Result<std::optional<FoundToken>> SqliteStore::access_token(const Sha256Digest& hash) {
  return reading([&hash](Database& database) -> Result<std::optional<FoundToken>> {
    auto row = database.prepare(
        "SELECT t.scopes, t.created, t.expires, c.* FROM access_token t"
        " JOIN api_client c ON c.id = t.client WHERE t.hash = ?1");
    const auto next = row.bind(hash).step();
    if (!next) return next.error();
    if (*next == Next::End) return std::optional<FoundToken>();
    constexpr int kClientColumns = 3;
    FoundToken found{.token = {.hash = hash,
                               .client = row.text(kClientColumns),
                               .scopes = sqlite::read_scopes(row, 0),
                               .created = row.time(1),
                               .expires = row.time(2)},
                     .client = sqlite::read_api_client(row, kClientColumns)};
    return std::optional(std::move(found));
  });
}

Result<Claim> SqliteStore::revoke_access_token(const Sha256Digest& hash,
                                               std::string_view client,
                                               const AuditEvent& event) {
  return recorded<Claim>(
      event, [hash, client = std::string(client)](WriteScope& scope) -> Result<Claim> {
        auto remove =
            scope.database.prepare("DELETE FROM access_token WHERE hash = ?1 AND client = ?2");
        const auto removed = remove.bind(hash, client).execute();
        if (!removed) return removed.error();
        return *removed == 1 ? Claim::Won : scope.undo(Claim::Lost);
      });
}

Result<Claim> SqliteStore::claim_assertion(std::string_view client,
                                           const Sha256Digest& digest,
                                           WallTime expires) {
  return writing<Claim>(
      Durability::Power,
      [client = std::string(client), digest, expires](WriteScope& scope) -> Result<Claim> {
        auto insert = scope.database.prepare(
            "INSERT INTO used_assertion SELECT id, ?2, ?3 FROM api_client WHERE id = ?1"
            " ON CONFLICT DO NOTHING");
        const auto added = insert.bind(client, digest, expires).execute();
        if (!added) return added.error();
        return *added == 1 ? Claim::Won : scope.undo(Claim::Lost);
      });
}

}  // namespace twinlock
