// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SETTINGS_FILE_H
#define TWINLOCK_DAEMON_SETTINGS_FILE_H

#include <string>

#include "common/result.h"

namespace twinlock {

// What stands in the file of settings. Never waits: anything but a regular file, or a link to one,
// is refused. Unavailable if it can't be read, with the system's reason and what to do about it;
// InvalidInput if it is more than 1 MiB, or not a file.
[[nodiscard]] Result<std::string> read_settings_file(const std::string& file);

}  // namespace twinlock

#endif
