// SPDX-License-Identifier: MIT
#include "common/login_wire.h"

#include <gtest/gtest.h>

namespace twinlock::wire {
namespace {

TEST(LoginWireTest, StepKindsAreOneToNine) {
  for (std::uint32_t number = 0; number < 1000; ++number) {
    const auto kind = step_kind(number);
    EXPECT_EQ(kind.has_value(), number >= 1 && number <= 9) << number;
    EXPECT_EQ(kind ? static_cast<std::uint32_t>(*kind) : number, number);
  }
  EXPECT_FALSE(step_kind(0xFFFFFFFFU));
}

TEST(LoginWireTest, TheNumbersThatDecideALoginNeverChange) {
  EXPECT_EQ(step_kind(5), StepKind::Granted);
  EXPECT_EQ(step_kind(6), StepKind::Exempt);
  EXPECT_EQ(step_kind(7), StepKind::Denied);
}

}  // namespace
}  // namespace twinlock::wire
