// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_RANDOM_SOURCE_H
#define TWINLOCK_DAEMON_PORTS_RANDOM_SOURCE_H

#include <cstdint>
#include <span>

namespace twinlock {

// Secret randomness. Any thread.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  // Fills `buffer` with bytes fit for keys and seeds. Can't fail: where the kernel has none, the
  // implementation throws, and there is no second source (S116).
  virtual void fill(std::span<std::uint8_t> buffer) = 0;
};

}  // namespace twinlock

#endif
