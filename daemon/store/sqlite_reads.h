// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_SQLITE_READS_H
#define TWINLOCK_DAEMON_STORE_SQLITE_READS_H

#include <optional>
#include <vector>

#include "common/result.h"
#include "daemon/ports/store.h"
#include "daemon/store/sqlite_database.h"

// The reads that more than one kind of call is made of.
namespace twinlock::sqlite {

[[nodiscard]] Result<std::optional<Conversation>> find_conversation(Database& database,
                                                                    const ConversationId& id);
[[nodiscard]] Result<RuntimeSettings> read_settings(Database& database);
// With it, whether `account` is blocked: one statement, since each login waits for it twice.
[[nodiscard]] Result<AccountSettings> read_settings_for(Database& database, const Account& account);
// `place` counts for Budget::Place only.
[[nodiscard]] Result<Attempts> read_attempts(Database& database,
                                             const Account& account,
                                             Budget budget,
                                             const PlaceDigest& place);
[[nodiscard]] Result<std::vector<OtpCredential>> read_otp_credentials(Database& database,
                                                                      KeyRing& keys,
                                                                      const Account& account);
[[nodiscard]] Result<std::optional<RecoverySet>> read_recovery_set(Database& database,
                                                                   const Account& account);

// Hands each row that is left to `take`.
template <typename F>
Status for_each_row(Statement& row, F take) {
  while (true) {
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End) return Done{};
    take(row);
  }
}

// What `make` makes of each row that is left.
template <typename F>
auto rows_of(Statement& row, F make) -> Result<std::vector<decltype(make(row))>> {
  std::vector<decltype(make(row))> made;
  const auto read = for_each_row(row, [&](Statement& each) { made.push_back(make(each)); });
  if (!read) return read.error();
  return made;
}

// What `look` reads is of one moment, whatever is written beside it. `look` returns a Result.
template <typename F>
auto in_one_snapshot(Database& database, F look) -> decltype(look()) {
  if (const auto begun = database.prepare("BEGIN").execute(); !begun) return begun.error();
  auto result = look();
  const auto ended = database.prepare("ROLLBACK").execute();
  if (result && !ended) return ended.error();
  return result;
}

}  // namespace twinlock::sqlite

#endif
