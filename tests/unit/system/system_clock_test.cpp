// SPDX-License-Identifier: MIT
#include "daemon/system/system_clock.h"

#include <gtest/gtest.h>

#include <ctime>

#include "daemon/system/getrandom_source.h"

namespace twinlock {
namespace {

using namespace std::chrono_literals;

TEST(SystemClock, ReadsTheWallAndTheTimeSinceBoot) {
  timespec boot{};
  clock_gettime(CLOCK_BOOTTIME, &boot);
  const auto now = SystemClock().now();
  ASSERT_TRUE(now);
  EXPECT_LT(std::chrono::abs(now->wall - std::chrono::system_clock::now()), 5s);
  EXPECT_GE(now->since_boot, std::chrono::seconds(boot.tv_sec));
  EXPECT_LT(now->since_boot, std::chrono::seconds(boot.tv_sec) + 5s);
}

TEST(GetrandomSource, FillsEveryByte) {
  GetrandomSource random;
  std::array<std::uint8_t, 1024> total{};
  // A byte that is never written stays zero in every round; a random one isn't, but once in 2^64.
  for (int round = 0; round < 8; ++round) {
    std::array<std::uint8_t, 1024> bytes{};
    random.fill(bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) total[i] |= bytes[i];
  }
  for (const auto byte : total) EXPECT_NE(byte, 0);
}

}  // namespace
}  // namespace twinlock
