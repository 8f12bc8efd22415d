// SPDX-License-Identifier: MIT
#include "daemon/domain/otp_verifier.h"

#include <gtest/gtest.h>

#include <array>

#include "daemon/domain/limits.h"
#include "daemon/domain/totp.h"

namespace twinlock {
namespace {

const WallTime kNow{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
constexpr OtpWindow kUsual{kTotpWindow, kHotpLookAhead};

OtpCredential credential(MethodType type, std::uint8_t owner, int digits = 6) {
  OtpCredential made{{}, type, {}, Secret(std::string(20, static_cast<char>('a' + owner))), -1, 0};
  made.id.bytes[15] = owner;
  made.parameters.digits = digits;
  return made;
}

std::string code_of(const OtpCredential& made, MovingFactor factor) {
  const int digits = made.parameters.digits;
  std::string text =
      std::to_string(hotp_value(made.parameters.algorithm, made.seed.bytes(), factor, digits));
  return std::string(static_cast<std::size_t>(digits) - text.size(), '0') + text;
}

class OtpVerifierTest : public testing::Test {
 protected:
  OtpVerifierTest() {
    credentials_.push_back(credential(MethodType::Totp, 0));
    credentials_.push_back(credential(MethodType::Hotp, 1));
    credentials_.push_back(credential(MethodType::Totp, 2, 8));
  }
  OtpFinding find(std::string_view code) { return find_otp(credentials_, code, kNow, kUsual); }

  std::vector<OtpCredential> credentials_;
  const MovingFactor step_ = time_step(kNow, std::chrono::seconds(30));
};

TEST_F(OtpVerifierTest, FindsTheAuthenticatorThatMadeTheCode) {
  const std::array<MovingFactor, 3> factors{step_, 0, step_};
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    const auto finding = find(code_of(credentials_[i], factors[i]));
    EXPECT_EQ(finding.kind, OtpMatch::Kind::Fresh) << i;
    EXPECT_EQ(finding.credential, &credentials_[i]) << i;
    EXPECT_EQ(finding.factor, factors[i]);
  }
}

TEST_F(OtpVerifierTest, FindsNothingForACodeOfNobody) {
  EXPECT_EQ(find("000000").kind, OtpMatch::Kind::None);
  EXPECT_EQ(find("000000").credential, nullptr);
  EXPECT_EQ(find_otp({}, "000000", kNow, kUsual).kind, OtpMatch::Kind::None);
}

TEST_F(OtpVerifierTest, AFreshMatchGoesBeforeASpentOne) {
  credentials_.clear();
  credentials_.push_back(credential(MethodType::Totp, 0));
  credentials_.push_back(credential(MethodType::Totp, 0));
  credentials_[1].id.bytes[15] = 7;
  const auto code = code_of(credentials_[0], step_);
  credentials_[0].last_used = step_;
  EXPECT_EQ(find(code).kind, OtpMatch::Kind::Fresh);
  EXPECT_EQ(find(code).credential, &credentials_[1]);
  credentials_[1].last_used = step_;
  EXPECT_EQ(find(code).kind, OtpMatch::Kind::Spent);
}

TEST_F(OtpVerifierTest, SixDigitsOfAnEightDigitAuthenticatorAreNotEnough) {
  const auto eight = code_of(credentials_[2], step_);
  EXPECT_EQ(find(eight.substr(2)).kind, OtpMatch::Kind::None);
}

}  // namespace
}  // namespace twinlock
