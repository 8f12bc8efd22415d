// SPDX-License-Identifier: MIT
//
// S86, by counting rather than by timing: how many HMACs an answer costs must not tell which step
// matched, whether one did, or whether there is anybody to match.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <atomic>

#include "tests/unit/domain/login_world.h"

namespace {

std::atomic<int> computed{0};

}  // namespace

// The linker puts these in front of libcrypto's for the whole program (--wrap), and names them.
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming)
extern "C" int __real_EVP_MAC_final(EVP_MAC_CTX* context,
                                    unsigned char* out,
                                    std::size_t* size,
                                    std::size_t room);
extern "C" int __wrap_EVP_MAC_final(EVP_MAC_CTX* context,
                                    unsigned char* out,
                                    std::size_t* size,
                                    std::size_t room) {
  ++computed;
  return __real_EVP_MAC_final(context, out, size, room);
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming)

namespace twinlock {
namespace {

class ConstantWorkTest : public testing::Test {
 protected:
  int cost(std::string_view code, std::string_view user = "alice") {
    const auto asked = world_.begin(user);
    const int before = computed;
    static_cast<void>(world_.answer(asked, code));
    return computed - before;
  }

  LoginWorld world_;
  const OtpCredential totp_ = world_.enroll(world_.alice);
};

TEST_F(ConstantWorkTest, WhicheverStepMatchesOrNone) {  // S86
  world_.clock.advance(10min);
  const int wrong = cost(world_.wrong_code(totp_));
  EXPECT_EQ(wrong, 3);  // the window
  EXPECT_EQ(cost(world_.code(totp_, -1)), wrong);
  EXPECT_EQ(cost(world_.code(totp_, 0)), wrong);
  EXPECT_EQ(cost(world_.code(totp_, 1)), wrong);
  EXPECT_EQ(cost(world_.code(totp_, 1)), wrong);  // and used
}

TEST_F(ConstantWorkTest, WhetherOrNotThereIsAnybody) {  // S25, S86
  const std::string code = world_.wrong_code(totp_);
  const int wrong = cost(code);
  EXPECT_EQ(cost(code, "bob"), wrong);  // not enrolled
  EXPECT_EQ(cost(code, "nobody-here"), wrong);
  ASSERT_TRUE(world_.memory.set_factor(Factor::Otp, false, {}));
  EXPECT_EQ(cost(code), wrong);  // factor off
  world_.directory.add({"alice", 2000});
  EXPECT_EQ(cost(code), wrong);  // foreign uid
}

TEST_F(ConstantWorkTest, WhateverTheLengthOfTheCode) {  // S86
  EXPECT_EQ(cost("12345678"), 3);
  EXPECT_EQ(cost("12345678", "bob"), 3);
}

TEST_F(ConstantWorkTest, DuringAHoldNothingIsComputedForRightAndWrongAlike) {
  world_.fail_in_a_row(totp_, 3);
  EXPECT_EQ(cost(world_.code(totp_)), 0);
  EXPECT_EQ(cost(world_.wrong_code(totp_)), 0);
}

}  // namespace
}  // namespace twinlock
