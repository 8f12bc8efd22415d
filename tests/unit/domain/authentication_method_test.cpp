// SPDX-License-Identifier: MIT
#include "daemon/domain/authentication_method.h"

#include <gtest/gtest.h>

namespace twinlock {
namespace {

TEST(AuthenticationMethodTest, NamesReadBack) {
  for (const auto type : {MethodType::Totp,
                          MethodType::Hotp,
                          MethodType::RecoveryCode,
                          MethodType::Phone,
                          MethodType::Email,
                          MethodType::WebauthnRoaming,
                          MethodType::WebauthnPlatform,
                          MethodType::Passkey,
                          MethodType::Push}) {
    EXPECT_EQ(method_type_named(method_type_name(type)), type);
  }
  for (const auto algorithm : {HashAlgorithm::Sha1, HashAlgorithm::Sha256, HashAlgorithm::Sha512}) {
    EXPECT_EQ(hash_algorithm_named(hash_algorithm_name(algorithm)), algorithm);
  }
  for (const auto factor : kFactors) EXPECT_EQ(factor_named(factor_name(factor)), factor);
}

TEST(AuthenticationMethodTest, NamesAreThoseOfGuardianAndOfOtpauth) {
  EXPECT_EQ(method_type_name(MethodType::Totp), "totp");
  EXPECT_EQ(method_type_name(MethodType::Hotp), "hotp");
  EXPECT_EQ(method_type_name(MethodType::RecoveryCode), "recovery-code");
  EXPECT_EQ(method_type_name(MethodType::WebauthnRoaming), "webauthn-roaming");
  EXPECT_EQ(factor_name(Factor::Otp), "otp");
  EXPECT_EQ(factor_name(Factor::RecoveryCode), "recovery-code");
  EXPECT_EQ(hash_algorithm_name(HashAlgorithm::Sha256), "SHA256");
}

TEST(AuthenticationMethodTest, OnlyHashNamesIgnoreCase) {
  EXPECT_EQ(hash_algorithm_named("sha512"), HashAlgorithm::Sha512);
  EXPECT_FALSE(hash_algorithm_named("MD5"));
  EXPECT_FALSE(hash_algorithm_named(""));
  EXPECT_FALSE(method_type_named("TOTP"));
  EXPECT_FALSE(factor_named("OTP"));
}

TEST(AuthenticationMethodTest, GeneratedSeedsAreAsLongAsTheDigest) {
  EXPECT_EQ(seed_size(HashAlgorithm::Sha1), 20U);
  EXPECT_EQ(seed_size(HashAlgorithm::Sha256), 32U);
  EXPECT_EQ(seed_size(HashAlgorithm::Sha512), 64U);
}

TEST(AuthenticationMethodTest, ShortCodesCountUnderOneFactor) {
  EXPECT_EQ(factor_of(MethodType::Totp), Factor::Otp);
  EXPECT_EQ(factor_of(MethodType::Hotp), Factor::Otp);
  EXPECT_EQ(factor_of(MethodType::RecoveryCode), Factor::RecoveryCode);
}

TEST(AuthenticationMethodTest, IsUsableByItsOwnerOnceConfirmed) {  // S37, S49
  AuthenticationMethod method{
      {}, {"alice", 1000}, MethodType::Totp, "", {}, WallTime(), std::nullopt, false};
  EXPECT_TRUE(is_usable_by(method, {"alice", 1000}));
  EXPECT_FALSE(is_usable_by(method, {"alice", 1001}));
  EXPECT_FALSE(is_usable_by(method, {"bob", 1000}));
  method.type = MethodType::Phone;
  EXPECT_FALSE(is_usable_by(method, {"alice", 1000})) << "no login knows what to do with it";
  method.type = MethodType::Totp;
  method.confirmed.reset();
  EXPECT_FALSE(is_usable_by(method, {"alice", 1000}));
}

}  // namespace
}  // namespace twinlock
