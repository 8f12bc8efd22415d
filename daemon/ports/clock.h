// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_CLOCK_H
#define TWINLOCK_DAEMON_PORTS_CLOCK_H

#include "common/result.h"
#include "daemon/domain/instant.h"

namespace twinlock {

// Wall time and time since boot. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // Both clocks, read together. Unavailable if the kernel can't say.
  [[nodiscard]] virtual Result<Instant> now() = 0;
};

}  // namespace twinlock

#endif
