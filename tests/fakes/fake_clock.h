// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_FAKES_FAKE_CLOCK_H
#define TWINLOCK_TESTS_FAKES_FAKE_CLOCK_H

#include <chrono>
#include <mutex>

#include "daemon/ports/clock.h"

namespace twinlock {

// A clock that stands still until it is moved. Starts at 2026-01-01 00:00:00 UTC, an hour after
// boot. Any thread.
class FakeClock final : public Clock {
 public:
  Result<Instant> now() override {
    const std::scoped_lock lock(mutex_);
    return now_;
  }

  // Both clocks, as time does.
  void advance(std::chrono::milliseconds by) {
    const std::scoped_lock lock(mutex_);
    now_.wall += by;
    now_.since_boot += by;
  }
  // The wall clock alone, as somebody with `date --set` does.
  void set_wall(WallTime wall) {
    const std::scoped_lock lock(mutex_);
    now_.wall = wall;
  }
  // Time since boot alone: a restarted machine, or a wall clock that stood still.
  void set_since_boot(std::chrono::milliseconds since_boot) {
    const std::scoped_lock lock(mutex_);
    now_.since_boot = since_boot;
  }

  [[nodiscard]] WallTime wall() {
    const std::scoped_lock lock(mutex_);
    return now_.wall;
  }

 private:
  std::mutex mutex_;
  Instant now_{WallTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)),
               std::chrono::hours(1)};
};

}  // namespace twinlock

#endif
