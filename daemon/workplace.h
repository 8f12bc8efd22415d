// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_WORKPLACE_H
#define TWINLOCK_DAEMON_WORKPLACE_H

#include <memory>
#include <string>

#include "common/result.h"
#include "daemon/settings.h"
#include "daemon/system/credential_key_ring.h"

// Where the commands work that don't serve, and with whose rights. As root they change what belongs
// to the daemon's user, who must not be able to steer them: each path is found once, as one that
// only root can make lead elsewhere (guarded_path.h), and is what the command works on from then
// on.
namespace twinlock {

// The file of master keys; it may be missing. InvalidInput if others could put another in its
// place.
[[nodiscard]] Result<std::string> find_key_file(const Settings& settings);

// The directory of the store. Unavailable, with how to make it for the owner of the key file, if
// there is none; InvalidInput as above.
[[nodiscard]] Result<std::string> find_store(const Settings& settings, const std::string& key_file);

// Unavailable if a store that root makes or takes there would be of no use to the daemon, which, as
// the owner of its files tells, runs as another user.
[[nodiscard]] Status check_owner(const std::string& directory, const std::string& key_file);

// The keys, read with the rights of whoever owns the file: the user of twinlockd, as a rule.
[[nodiscard]] Result<std::unique_ptr<CredentialKeyRing>> open_keys(const std::string& key_file);

}  // namespace twinlock

#endif
