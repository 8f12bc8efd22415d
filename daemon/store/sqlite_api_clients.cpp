// SPDX-License-Identifier: MIT
#include "daemon/store/sqlite_api_clients.h"

#include <algorithm>

#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;
using sqlite::Statement;

// Neither networks nor groups have a newline in them.
std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& item : list) text += (text.empty() ? "" : "\n") + item;
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> list;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find('\n', begin), text.size());
    list.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

Result<std::int64_t> count_clients(Database& database) {
  auto row = database.prepare("SELECT count(*) FROM api_client");
  const auto next = row.step();
  if (!next) return next.error();
  return row.integer(0);
}

Status end_tokens(Database& database, const std::string& client) {
  auto end = database.prepare("DELETE FROM access_token WHERE client = ?1");
  const auto ended = end.bind(client).execute();
  if (!ended) return ended.error();
  return Done{};
}

}  // namespace

namespace sqlite {

std::string stored_scopes(ScopeSet scopes) { return scopes.text('\n'); }

ScopeSet read_scopes(const Statement& row, int column) {
  return ScopeSet::parse(row.text(column), '\n');
}

ApiClient read_api_client(const Statement& row, int first) {
  ApiClient client;
  client.id = row.text(first);
  client.name = row.text(first + 1);
  client.secret = row.array<Sha256Digest>(first + 2);
  client.public_key = row.text(first + 3);
  client.scopes = read_scopes(row, first + 4);
  client.networks = split(row.text(first + 5));
  client.users = {.groups = split(row.text(first + 6)), .names = row.text(first + 7)};
  client.token_lifetime = std::chrono::seconds(row.integer(first + 8));
  client.created = row.time(first + 9);
  client.last_token = row.optional(first + 10, [&row](int column) { return row.time(column); });
  return client;
}

}  // namespace sqlite

Result<ClientAddition> SqliteStore::add_api_client(const ApiClient& client,
                                                   const AuditEvent& event) {
  return recorded<ClientAddition>(event, [client](WriteScope& scope) -> Result<ClientAddition> {
    const auto there = count_clients(scope.database);
    if (!there) return there.error();
    if (*there >= kMaxApiClients) return scope.undo(ClientAddition::TooMany);
    const auto scopes = sqlite::stored_scopes(client.scopes);
    const auto networks = joined(client.networks);
    const auto groups = joined(client.users.groups);
    auto insert = scope.database.prepare(
        "INSERT INTO api_client VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL)"
        " ON CONFLICT (name) DO NOTHING");
    insert.bind(client.id, client.name, client.secret, client.public_key, scopes, networks, groups);
    insert.bind(client.users.names, client.token_lifetime.count(), client.created);
    const auto added = insert.execute();
    if (!added) return added.error();
    return *added == 1 ? ClientAddition::Added : scope.undo(ClientAddition::NameTaken);
  });
}

Result<std::vector<ApiClient>> SqliteStore::api_clients() {
  return reading([](Database& database) {
    auto row = database.prepare("SELECT * FROM api_client ORDER BY name");
    return sqlite::rows_of(row,
                           [](const Statement& each) { return sqlite::read_api_client(each, 0); });
  });
}

Result<std::optional<ApiClient>> SqliteStore::api_client(std::string_view id) {
  return reading([id](Database& database) -> Result<std::optional<ApiClient>> {
    auto row = database.prepare("SELECT * FROM api_client WHERE id = ?1");
    const auto next = row.bind(id).step();
    if (!next) return next.error();
    if (*next == Next::End) return std::optional<ApiClient>();
    return std::optional(sqlite::read_api_client(row, 0));
  });
}

Result<Claim> SqliteStore::replace_client_secret(std::string_view id,
                                                 const Sha256Digest& secret,
                                                 const AuditEvent& event) {
  return recorded<Claim>(event, [id = std::string(id), secret](WriteScope& scope) -> Result<Claim> {
    auto update = scope.database.prepare("UPDATE api_client SET secret = ?2 WHERE id = ?1");
    const auto changed = update.bind(id, secret).execute();
    if (!changed) return changed.error();
    if (*changed == 0) return scope.undo(Claim::Lost);
    if (const auto ended = end_tokens(scope.database, id); !ended) return ended.error();
    return Claim::Won;
  });
}

Result<Claim> SqliteStore::remove_api_client(std::string_view id, const AuditEvent& event) {
  return recorded<Claim>(event, [id = std::string(id)](WriteScope& scope) -> Result<Claim> {
    auto remove = scope.database.prepare("DELETE FROM api_client WHERE id = ?1");
    const auto removed = remove.bind(id).execute();
    if (!removed) return removed.error();
    return *removed == 1 ? Claim::Won : scope.undo(Claim::Lost);
  });
}

}  // namespace twinlock
