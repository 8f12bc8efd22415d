// SPDX-License-Identifier: MIT
#include "daemon/http/method_view.h"

#include <gtest/gtest.h>

namespace twinlock::http {
namespace {

TEST(MethodReference, C27IsReadInEachOfItsForms) {
  const std::string ulid = "01JQ3T5V9Z6E7R8Y2K4M1N0PAB";
  const auto id = parse_ulid(ulid);
  ASSERT_TRUE(id);
  for (const auto& text : {ulid,
                           std::string("01jq3t5v9z6e7r8y2k4m1n0pab"),
                           "dev_" + ulid,
                           "totp|dev_" + ulid,
                           "recovery-code|dev_" + ulid}) {
    EXPECT_EQ(parse_method_reference(text), id) << text;
  }
}

TEST(MethodReference, OfAnotherFormIsNone) {
  const std::string ulid = "01JQ3T5V9Z6E7R8Y2K4M1N0PAB";
  for (const auto& text : {std::string(),
                           std::string("dev_"),
                           "totp|" + ulid,
                           "a|b|dev_" + ulid,
                           "dev_dev_" + ulid,
                           ulid + "X"}) {
    EXPECT_FALSE(parse_method_reference(text)) << text;
  }
}

}  // namespace
}  // namespace twinlock::http
