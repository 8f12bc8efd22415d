// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_GETRANDOM_SOURCE_H
#define TWINLOCK_DAEMON_SYSTEM_GETRANDOM_SOURCE_H

#include "daemon/ports/random_source.h"

namespace twinlock {

// getrandom(2). Throws std::system_error where the kernel refuses; whoever called fails (S116).
class GetrandomSource final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> buffer) override;
};

}  // namespace twinlock

#endif
