// SPDX-License-Identifier: MIT
#include "daemon/domain/password_hash.h"

#include <gtest/gtest.h>

namespace twinlock {
namespace {

TEST(PasswordHash, IsMatchedByItsPasswordAlone) {
  const PasswordSalt salt{1, 2, 3};
  const auto hash = make_password_hash(Secret(std::string_view("hunter2")), salt);
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("scrypt$15$8$1$"));
  EXPECT_EQ(hash->find("hunter2"), std::string::npos);
  EXPECT_EQ(*match_password(Secret(std::string_view("hunter2")), *hash), PasswordMatch::Right);
  EXPECT_EQ(*match_password(Secret(std::string_view("hunter3")), *hash), PasswordMatch::Wrong);
  const auto salted = make_password_hash(Secret(std::string_view("hunter2")), PasswordSalt{4});
  EXPECT_NE(*salted, *hash);
}

TEST(PasswordHash, OfAnotherFormMatchesNothing) {
  for (const auto* text : {"", "scrypt$15$8$1$", "scrypt$15$8$1$AA$AA", "$2b$10$x"}) {
    EXPECT_EQ(*match_password(Secret(std::string_view("x")), text), PasswordMatch::Wrong) << text;
  }
}

}  // namespace
}  // namespace twinlock
