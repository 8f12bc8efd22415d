// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_FAKES_SEEDED_RANDOM_H
#define TWINLOCK_TESTS_FAKES_SEEDED_RANDOM_H

#include <cstdint>
#include <mutex>
#include <span>

#include "daemon/ports/random_source.h"

namespace twinlock {

// The same bytes in every run: splitmix64 from a seed. Any thread.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : state_(seed) {}

  void fill(std::span<std::uint8_t> buffer) override {
    const std::scoped_lock lock(mutex_);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < buffer.size(); ++i, bits >>= 8U) {
      if (i % 8 == 0) bits = next();
      buffer[i] = static_cast<std::uint8_t>(bits);
    }
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  std::mutex mutex_;
  std::uint64_t state_;
};

}  // namespace twinlock

#endif
