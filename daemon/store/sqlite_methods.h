// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_SQLITE_METHODS_H
#define TWINLOCK_DAEMON_STORE_SQLITE_METHODS_H

#include <string>
#include <string_view>

#include "common/result.h"
#include "daemon/domain/authentication_method.h"
#include "daemon/store/sqlite_database.h"
#include "daemon/store/sqlite_reads.h"

// The parts that more than one change of methods and users is made of. Each within the caller's
// transaction.
namespace twinlock::sqlite {

// Of a row: id, type, name, created, confirmed, last_used, weak, owner, uid.
[[nodiscard]] AuthenticationMethod read_method(const Statement& row);
// The same without the last two, where they are known.
[[nodiscard]] AuthenticationMethod read_method_of(const Account& owner, const Statement& row);

// Makes an empty user record of an owner that has none.
[[nodiscard]] Status note_owner(Database& database, const Account& owner, WallTime when);

// Every method under this name, its places, tickets and conversations, and empties its attempts;
// returns how many methods.
[[nodiscard]] Result<int> remove_methods_of(Database& database, const std::string& name);

[[nodiscard]] Status end_tickets(Database& database, const std::string& name);

}  // namespace twinlock::sqlite

#endif
