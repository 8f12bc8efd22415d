// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_MAINTENANCE_H
#define TWINLOCK_DAEMON_MAINTENANCE_H

#include <string>

#include "daemon/application.h"
#include "daemon/ports/key_ring.h"

// The commands of twinlockd that don't serve. Each does one thing and says on standard output what
// it did, or on standard error what is in the way.
namespace twinlock {

[[nodiscard]] ExitCode check_config(const std::string& settings_file);
[[nodiscard]] ExitCode generate_key(const std::string& key_file);
// Makes an empty store where there is none: nobody is enrolled, and no second factor is asked for.
// `serve` never does, or a lost disk would open every door (S134).
[[nodiscard]] ExitCode create_store(const std::string& settings_file);
[[nodiscard]] ExitCode rotate_key(const std::string& settings_file);
[[nodiscard]] ExitCode show_keys(const std::string& settings_file);
// Takes a retired key out of the key file, unless something in the store still names it (S118).
[[nodiscard]] ExitCode retire_key(const std::string& settings_file, KeyId id);
[[nodiscard]] ExitCode accept_restored(const std::string& settings_file);

}  // namespace twinlock

#endif
