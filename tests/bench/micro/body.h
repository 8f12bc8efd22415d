// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_BENCH_MICRO_BODY_H
#define TWINLOCK_TESTS_BENCH_MICRO_BODY_H

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace twinlock::bench {

// One small thing to measure, written once for the clock (micro_benchmark) and for the counter of
// instructions (micro_counts).
struct Body {
  std::string name;  // "noun/what"
  // Makes what it needs, and returns one iteration, which may be called up to `iterations` times.
  std::function<std::function<void()>(std::size_t iterations)> prepare;
  std::size_t iterations = 0;  // where each needs something prepared; 0: as many as the clock wants
};

// One file per noun.
[[nodiscard]] std::vector<Body> totp_bodies();
[[nodiscard]] std::vector<Body> seal_bodies();
[[nodiscard]] std::vector<Body> policy_bodies();
[[nodiscard]] std::vector<Body> store_bodies();
[[nodiscard]] std::vector<Body> engine_bodies();

[[nodiscard]] std::vector<Body> all_bodies();

// Keeps the compiler from leaving out what computes `value`.
template <typename T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

}  // namespace twinlock::bench

#endif
