// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_RESTORE_H
#define TWINLOCK_DAEMON_STORE_RESTORE_H

#include <string>

#include "common/result.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/instant.h"
#include "daemon/ports/key_ring.h"

namespace twinlock {

struct RestoredStore {
  std::uint64_t audit_records;  // where the restored log ends, the record of this included
  int totp_methods;             // whose steps up to now count as used
  int recovery_sets;            // may hold codes that were used after the copy was made
  int hotp_methods;             // the same for their counters
};

// Takes a database that was put back from a backup for the store (S121): ends every conversation,
// marks every TOTP step up to now as used, records RollbackDetected by `actor`, and writes the
// second file anew. While no daemon runs: it takes the seat for commands. Every check of a start
// but the one of the epoch must hold; Unavailable otherwise, with nothing changed.
[[nodiscard]] Result<RestoredStore> accept_restored_store(const std::string& directory,
                                                          KeyRing& keys,
                                                          WallTime now,
                                                          const Actor& actor);

}  // namespace twinlock

#endif
