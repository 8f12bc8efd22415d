// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_CLOCK_H
#define TWINLOCK_PAM_MODULE_CLOCK_H

#include <chrono>
#include <thread>

namespace twinlock::pam {

// A point on CLOCK_MONOTONIC, which is what libstdc++'s steady_clock reads: setting the wall clock
// neither shortens nor lengthens a login (S23).
using TimePoint = std::chrono::steady_clock::time_point;

// The time as the conversation sees it; tests bring one that moves when they say so.
class Clock {
 public:
  virtual ~Clock() = default;

  [[nodiscard]] virtual TimePoint now() = 0;
  virtual void pause(std::chrono::milliseconds length) = 0;
};

class SteadyClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() override { return std::chrono::steady_clock::now(); }
  void pause(std::chrono::milliseconds length) override { std::this_thread::sleep_for(length); }
};

}  // namespace twinlock::pam

#endif
