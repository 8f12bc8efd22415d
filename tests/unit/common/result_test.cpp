// SPDX-License-Identifier: MIT
#include "common/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace twinlock {
namespace {

TEST(ResultTest, HoldsAValueOrAnError) {
  const Result<int> value = 7;
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, 7);
  const Result<int> error = Error{ErrorCode::NotFound, "nothing here"};
  ASSERT_FALSE(error);
  EXPECT_EQ(error.error().code, ErrorCode::NotFound);
  EXPECT_EQ(error.error().detail, "nothing here");
}

TEST(ResultTest, AnEmptyOptionalIsAValue) {  // "there is none" and "can't know" are two things
  const Result<std::optional<int>> none = std::optional<int>();
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

TEST(ResultTest, AskingForWhatIsNotThereThrows) {
  const Result<int> error = Error{ErrorCode::Internal, ""};
  EXPECT_THROW(static_cast<void>(*error), std::bad_variant_access);
  const Result<int> value = 1;
  EXPECT_THROW(static_cast<void>(value.error()), std::bad_variant_access);
}

TEST(ResultTest, AValueCanBeMovedOut) {
  Result<std::unique_ptr<int>> held = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = *std::move(held);
  EXPECT_EQ(*taken, 5);
}

}  // namespace
}  // namespace twinlock
