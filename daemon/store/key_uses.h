// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_KEY_USES_H
#define TWINLOCK_DAEMON_STORE_KEY_USES_H

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/result.h"
#include "daemon/ports/key_ring.h"
#include "daemon/ports/store.h"
#include "daemon/store/occupancy.h"
#include "daemon/store/sqlite_database.h"

// What the master keys are still needed for (S118). No key is needed to tell.
namespace twinlock {

struct KeyUses {
  KeyId sealing = 0;              // the newest that a daemon has begun to seal under
  std::map<KeyId, KeyUse> of;     // those that anything names
  std::vector<Occupant> daemons;  // that run
  // The seat for commands, where no daemon ran and there was a lock to hold, or one was to be made:
  // none starts between this look and what is done about it.
  std::optional<Occupancy> seat;
};

// Tells the key of a sealed value; InvalidInput if it is none.
using KeyOf = std::function<Result<KeyId>(std::span<const std::uint8_t>)>;

// Of a database that is open already; the second file isn't looked at.
[[nodiscard]] Result<KeyUses> key_uses_in(sqlite::Database& database, const KeyOf& key_of);

// Reads the store in `directory`, whether a daemon uses it or not, for the tools that look after
// the key file; may take long. Changes nothing where no daemon runs, but for the lock, which is
// made where it is missing and `missing_lock` says so. Unavailable if there is no store, or it
// can't be read in whole.
[[nodiscard]] Result<KeyUses> read_key_uses(const std::string& directory,
                                            const KeyOf& key_of,
                                            LockFile::Missing missing_lock);

// "2 seeds, recovery codes of alice, 104 audit records"; empty if nothing names the key.
[[nodiscard]] std::string text_of(const KeyUse& use);

}  // namespace twinlock

#endif
