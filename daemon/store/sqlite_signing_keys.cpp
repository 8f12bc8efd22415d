// SPDX-License-Identifier: MIT
#include <utility>

#include "common/encoding.h"
#include "daemon/store/sealing.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {

using sqlite::Database;
using sqlite::Next;

Result<std::vector<SigningKey>> SqliteStore::signing_keys() {
  return reading([this](Database& database) -> Result<std::vector<SigningKey>> {
    auto row = database.prepare(
        "SELECT id, public_key, private_key, created FROM signing_key ORDER BY number");
    std::vector<SigningKey> keys;
    while (true) {
      const auto next = row.step();
      if (!next) return next.error();
      if (*next == Next::End) return keys;
      auto id = row.text(0);
      auto opened = sealing::open(keys_, sealing::signing_key_place(id), row.blob(2));
      if (!opened) return opened.error();
      const auto plain = row.blob(1);
      keys.push_back({.id = std::move(id),
                      .public_key = {plain.begin(), plain.end()},
                      .private_key = *std::move(opened),
                      .created = row.time(3)});
    }
  });
}

Result<Claim> SqliteStore::add_signing_key(const SigningKey& key,
                                           std::string_view newest,
                                           const AuditEvent& event) {
  auto sealed = sealing::seal(keys_, sealing::signing_key_place(key.id), key.private_key.bytes());
  if (!sealed) return sealed.error();
  return recorded<Claim>(event,
                         [id = key.id,
                          plain = key.public_key,
                          sealed = *std::move(sealed),
                          created = key.created,
                          newest = std::string(newest)](WriteScope& scope) -> Result<Claim> {
                           auto insert = scope.database.prepare(
                               "INSERT INTO signing_key (id, public_key, private_key, created)"
                               " SELECT ?1, ?2, ?3, ?4 WHERE ?5 = coalesce("
                               "(SELECT id FROM signing_key ORDER BY number DESC LIMIT 1), '')");
                           insert.bind(id, bytes_of(plain), sealed, created, newest);
                           const auto added = insert.execute();
                           if (!added) return added.error();
                           return *added == 1 ? Claim::Won : scope.undo(Claim::Lost);
                         });
}

Result<Claim> SqliteStore::remove_signing_key(std::string_view id, const AuditEvent& event) {
  return recorded<Claim>(event, [id = std::string(id)](WriteScope& scope) -> Result<Claim> {
    auto remove = scope.database.prepare("DELETE FROM signing_key WHERE id = ?1");
    const auto removed = remove.bind(id).execute();
    if (!removed) return removed.error();
    return *removed == 1 ? Claim::Won : scope.undo(Claim::Lost);
  });
}

}  // namespace twinlock
