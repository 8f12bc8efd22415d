// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_SQLITE_CONVERSATIONS_H
#define TWINLOCK_DAEMON_STORE_SQLITE_CONVERSATIONS_H

#include "common/result.h"
#include "daemon/ports/store.h"
#include "daemon/store/sqlite_database.h"

// The conditional writes that more than one kind of call is made of. Each within the caller's
// transaction.
namespace twinlock::sqlite {

// Brings a conversation to `next` if it still asks and its nonce is still `expected`. What a
// conversation is about (user, service, source, start) never changes and isn't written.
[[nodiscard]] Result<Claim> advance(Database& database,
                                    const Conversation& next,
                                    const Nonce& expected);

// Ends a conversation as Granted, if its nonce is still `expected` and it still asks, or was
// exhausted by the attempt that turned out right.
[[nodiscard]] Result<Claim> end_granted(Database& database,
                                        const Conversation& conversation,
                                        const Nonce& expected);

// Replaces exactly the version of the attempts that `change` was computed from.
[[nodiscard]] Result<Claim> write_attempts(Database& database,
                                           const Account& account,
                                           const AttemptChange& change);

}  // namespace twinlock::sqlite

#endif
