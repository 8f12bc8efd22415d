// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_PROCESS_HARDENING_H
#define TWINLOCK_DAEMON_SYSTEM_PROCESS_HARDENING_H

#include "common/result.h"

namespace twinlock {

// Before any secret is in memory: no core dump, no reading of our memory by processes of our uid
// (S123), files of ours for us alone, and no descriptor 0 to 2 left for a file to land on.
[[nodiscard]] Status harden_process();

}  // namespace twinlock

#endif
