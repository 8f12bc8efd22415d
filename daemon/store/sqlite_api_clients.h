// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_SQLITE_API_CLIENTS_H
#define TWINLOCK_DAEMON_STORE_SQLITE_API_CLIENTS_H

#include <string>

#include "daemon/domain/api_client.h"
#include "daemon/domain/scope.h"
#include "daemon/store/sqlite_database.h"

namespace twinlock::sqlite {

// The client whose columns begin at `first`, in the table's order.
[[nodiscard]] ApiClient read_api_client(const Statement& row, int first);

// Scopes as they are stored: one a line.
[[nodiscard]] std::string stored_scopes(ScopeSet scopes);
[[nodiscard]] ScopeSet read_scopes(const Statement& row, int column);

}  // namespace twinlock::sqlite

#endif
