// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_SCHEMA_H
#define TWINLOCK_DAEMON_STORE_SCHEMA_H

#include <string>

#include "common/result.h"
#include "daemon/ports/key_ring.h"
#include "daemon/store/sqlite_database.h"

// What must be true of a file before it is used, and how an older one is brought up to date.
namespace twinlock::sqlite {

enum class Content { Empty, Store };

// Whether the file is ours and of a version that we know: both are in its header. Unavailable,
// with what to do, for a newer version or somebody else's database. Changes nothing.
[[nodiscard]] Result<Content> check_identity(Database& database, const std::string& path);

// Whether the file is of the version that we would bring it up to. Unavailable, with what to do,
// otherwise: another process uses it as it is.
[[nodiscard]] Status check_version(Database& database, const std::string& path);

// The refusal of a damaged file: says so, what was found, and what to do.
[[nodiscard]] Error damaged(const std::string& path, const std::string& finding);

// The same for what SQLite says on the way: damage only if it is that, and not a full disk or a
// missing permission (S132, S133).
[[nodiscard]] Error unusable(const std::string& path, const Error& error);

// PRAGMA quick_check. Unavailable, with its first finding and what to do, if the file is damaged.
[[nodiscard]] Status check_soundness(Database& database, const std::string& path);

// Whether every table and index is there, and is what the migrations have made: a file without its
// table of methods must not look like one in which nobody is enrolled.
[[nodiscard]] Status check_schema(Database& database, const std::string& path);

// Whether the key ring is the one that the store was sealed with (S117).
[[nodiscard]] Status check_key(Database& database, const std::string& path, KeyRing& keys);

// Switches to a write-ahead log and runs the migrations that are missing, in one transaction.
[[nodiscard]] Status bring_up_to_date(Database& database, KeyRing& keys);

}  // namespace twinlock::sqlite

#endif
