// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_CLAIM_H
#define TWINLOCK_DAEMON_PORTS_CLAIM_H

namespace twinlock {

// How a conditional write ended that at most one of all who try can win.
enum class Claim { Lost, Won };

}  // namespace twinlock

#endif
