// SPDX-License-Identifier: MIT
#include "daemon/domain/totp.h"

#include <gtest/gtest.h>

#include "daemon/domain/limits.h"
#include "tests/unit/domain/vectors.h"

namespace twinlock {
namespace {

constexpr MovingFactor kStep = 37'037'036;  // of the times of Appendix B with all the ones

std::string rfc_seed(HashAlgorithm algorithm) {
  std::string seed;
  while (seed.size() < seed_size(algorithm)) seed += "1234567890";
  return seed.substr(0, seed_size(algorithm));
}

OtpCredential rfc_credential(HashAlgorithm algorithm = HashAlgorithm::Sha1,
                             MovingFactor last_used = -1) {
  OtpCredential credential{{}, MethodType::Totp, {}, Secret(rfc_seed(algorithm)), last_used, 0};
  credential.parameters.algorithm = algorithm;
  credential.parameters.digits = 8;
  return credential;
}

WallTime at_step(MovingFactor step) { return WallTime(std::chrono::seconds(step * 30)); }

std::string code_of_step(MovingFactor step) {
  const auto credential = rfc_credential();
  std::string text =
      std::to_string(hotp_value(HashAlgorithm::Sha1, credential.seed.bytes(), step, 8));
  return std::string(8 - text.size(), '0') + text;
}

OtpMatch::Kind kind_at(MovingFactor code_step, int window, MovingFactor last_used = -1) {
  return match_totp(rfc_credential(HashAlgorithm::Sha1, last_used),
                    code_of_step(code_step),
                    at_step(kStep),
                    window)
      .kind;
}

TEST(TotpTest, AcceptsTheCodesOfRfc6238AppendixB) {
  const auto vectors = read_vectors("rfc6238_totp.txt");
  ASSERT_EQ(vectors.size(), 18U);
  for (const auto& line : vectors) {
    const auto algorithm = hash_algorithm_named(line[1]);
    ASSERT_TRUE(algorithm);
    const WallTime now{std::chrono::seconds(std::stoll(line[0]))};
    const auto match = match_totp(rfc_credential(*algorithm), line[2], now, 0);
    EXPECT_EQ(match.kind, OtpMatch::Kind::Fresh) << line[0] << ' ' << line[1];
    EXPECT_EQ(match.factor, std::stoll(line[0]) / 30);
  }
}

TEST(TotpTest, AStepBeginsAtItsFirstMillisecondAndLastsItsPeriod) {
  EXPECT_EQ(time_step(WallTime(std::chrono::milliseconds(29'999)), std::chrono::seconds(30)), 0);
  EXPECT_EQ(time_step(WallTime(std::chrono::milliseconds(30'000)), std::chrono::seconds(30)), 1);
  EXPECT_EQ(time_step(WallTime(std::chrono::milliseconds(59'999)), std::chrono::seconds(60)), 0);
}

TEST(TotpTest, TheWindowIsOneStepEitherSide) {
  EXPECT_EQ(kind_at(kStep - 2, kTotpWindow), OtpMatch::Kind::None);
  EXPECT_EQ(kind_at(kStep - 1, kTotpWindow), OtpMatch::Kind::Fresh);
  EXPECT_EQ(kind_at(kStep, kTotpWindow), OtpMatch::Kind::Fresh);
  EXPECT_EQ(kind_at(kStep + 1, kTotpWindow), OtpMatch::Kind::Fresh);
  EXPECT_EQ(kind_at(kStep + 2, kTotpWindow), OtpMatch::Kind::None);
}

TEST(TotpTest, AWindowOfNoneAcceptsThePresentStepAlone) {
  EXPECT_EQ(kind_at(kStep - 1, 0), OtpMatch::Kind::None);
  EXPECT_EQ(kind_at(kStep, 0), OtpMatch::Kind::Fresh);
  EXPECT_EQ(kind_at(kStep + 1, 0), OtpMatch::Kind::None);
}

TEST(TotpTest, NoStepUpToTheLastUsedOneIsFresh) {  // S87
  EXPECT_EQ(kind_at(kStep - 1, kTotpWindow, kStep), OtpMatch::Kind::Spent);
  EXPECT_EQ(kind_at(kStep, kTotpWindow, kStep), OtpMatch::Kind::Spent);
  EXPECT_EQ(kind_at(kStep + 1, kTotpWindow, kStep), OtpMatch::Kind::Fresh);
}

TEST(TotpTest, AnOffsetMovesTheWindowWithTheAuthenticatorsClock) {  // S90
  auto ahead = rfc_credential();
  ahead.offset = 5;
  const auto kind = [&](MovingFactor step) {
    return match_totp(ahead, code_of_step(step), at_step(kStep), kTotpWindow).kind;
  };
  EXPECT_EQ(kind(kStep + 5), OtpMatch::Kind::Fresh);
  EXPECT_EQ(kind(kStep + 6), OtpMatch::Kind::Fresh);
  EXPECT_EQ(kind(kStep + 7), OtpMatch::Kind::None);
  EXPECT_EQ(kind(kStep), OtpMatch::Kind::None);
}

TEST(TotpTest, AtTheBeginningOfTimeNoStepBeforeItMatches) {
  const auto before = code_of_step(-1);
  EXPECT_NE(match_totp(rfc_credential(), before, WallTime(), kTotpWindow).kind,
            OtpMatch::Kind::Fresh);
  EXPECT_EQ(match_totp(rfc_credential(), code_of_step(0), WallTime(), kTotpWindow).kind,
            OtpMatch::Kind::Fresh);
}

class TotpReachTest : public testing::TestWithParam<int> {};

TEST_P(TotpReachTest, TwoCodesInARowTellTheOffset) {
  const int offset = GetParam();
  const auto found = resynchronize_totp(rfc_credential(),
                                        code_of_step(kStep + offset - 1),
                                        code_of_step(kStep + offset),
                                        at_step(kStep),
                                        kTotpResynchronize);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->offset, offset);
  EXPECT_EQ(found->used, kStep + offset);
}

INSTANTIATE_TEST_SUITE_P(TenStepsEitherSide,
                         TotpReachTest,
                         testing::Values(-10, -9, -1, 0, 1, 9, 10));

TEST(TotpTest, ResynchronizingReachesNoFurtherThanTenSteps) {  // S90
  for (const int offset : {-11, 11}) {
    EXPECT_FALSE(resynchronize_totp(rfc_credential(),
                                    code_of_step(kStep + offset - 1),
                                    code_of_step(kStep + offset),
                                    at_step(kStep),
                                    kTotpResynchronize))
        << offset;
  }
}

TEST(TotpTest, CodesThatAreNotNeighboursDoNotResynchronize) {
  const auto credential = rfc_credential();
  const auto try_codes = [&](MovingFactor first, MovingFactor second) {
    return resynchronize_totp(
               credential, code_of_step(first), code_of_step(second), at_step(kStep), 10)
        .has_value();
  };
  EXPECT_TRUE(try_codes(kStep - 1, kStep));
  EXPECT_FALSE(try_codes(kStep, kStep));
  EXPECT_FALSE(try_codes(kStep, kStep - 1));
  EXPECT_FALSE(try_codes(kStep - 2, kStep));
}

TEST(TotpTest, SpentCodesDoNotResynchronize) {  // S87
  EXPECT_FALSE(resynchronize_totp(rfc_credential(HashAlgorithm::Sha1, kStep - 1),
                                  code_of_step(kStep - 1),
                                  code_of_step(kStep),
                                  at_step(kStep),
                                  10));
}

}  // namespace
}  // namespace twinlock
