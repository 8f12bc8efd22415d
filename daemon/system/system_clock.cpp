// SPDX-License-Identifier: MIT
#include "daemon/system/system_clock.h"

#include <chrono>
#include <ctime>
#include <optional>

namespace twinlock {
namespace {

std::optional<std::chrono::milliseconds> read_clock(clockid_t id) {
  timespec value{};
  if (clock_gettime(id, &value) != 0) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::seconds(value.tv_sec) + std::chrono::nanoseconds(value.tv_nsec));
}

}  // namespace

Result<Instant> SystemClock::now() {
  const auto wall = read_clock(CLOCK_REALTIME);
  const auto since_boot = read_clock(CLOCK_BOOTTIME);
  if (!wall || !since_boot) return Error{ErrorCode::Unavailable, "the kernel has no time"};
  return Instant{WallTime(*wall), *since_boot};
}

}  // namespace twinlock
