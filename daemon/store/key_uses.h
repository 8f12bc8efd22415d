// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_KEY_USES_H
#define TWINLOCK_DAEMON_STORE_KEY_USES_H

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>

#include "common/result.h"
#include "daemon/ports/key_ring.h"

// What the master keys are still needed for (S118), for the tools that look after the key file. No
// key is needed to tell.
namespace twinlock {

struct KeyUse {
  std::int64_t seeds = 0;                   // sealed under it
  std::set<std::string> recovery_codes_of;  // accounts whose codes are digested under it
  std::int64_t audit_records = 0;           // chained under it
  bool marks = false;                       // one of the store's own seals, or its second file
};

struct KeyUses {
  KeyId sealing = 0;           // the newest that a daemon has begun to seal under
  std::map<KeyId, KeyUse> of;  // those that anything names
};

// Tells the key of a sealed value; InvalidInput if it is none.
using KeyOf = std::function<Result<KeyId>(std::span<const std::uint8_t>)>;

// Reads the store in `directory`, whether a daemon uses it or not; may take long. Unavailable if
// there is none, or it can't be read in whole.
[[nodiscard]] Result<KeyUses> read_key_uses(const std::string& directory, const KeyOf& key_of);

}  // namespace twinlock

#endif
