// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_SYSTEM_CLOCK_H
#define TWINLOCK_DAEMON_SYSTEM_SYSTEM_CLOCK_H

#include "daemon/ports/clock.h"

namespace twinlock {

// The kernel's clocks. Time since boot counts while the machine sleeps, so that a lifetime ends in
// a suspended laptop too (S136).
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Result<Instant> now() override;
};

}  // namespace twinlock

#endif
