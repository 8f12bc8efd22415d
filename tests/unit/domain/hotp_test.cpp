// SPDX-License-Identifier: MIT
#include "daemon/domain/hotp.h"

#include <gtest/gtest.h>

#include "daemon/domain/limits.h"
#include "tests/unit/domain/vectors.h"

namespace twinlock {
namespace {

const std::string_view kRfcSeed = "12345678901234567890";
constexpr int kFarAhead = 50;

OtpCredential rfc_credential(MovingFactor last_used = -1) {
  return {{}, MethodType::Hotp, {}, Secret(kRfcSeed), last_used, 0};
}

std::string rfc_code(std::size_t counter) {
  return read_vectors("rfc4226_hotp.txt").at(counter).at(1);
}

TEST(HotpTest, ReproducesTheValuesOfRfc4226AppendixD) {
  const Secret seed(kRfcSeed);
  const auto vectors = read_vectors("rfc4226_hotp.txt");
  ASSERT_EQ(vectors.size(), 10U);
  for (const auto& line : vectors) {
    const auto counter = std::stoll(line[0]);
    const auto six = hotp_value(HashAlgorithm::Sha1, seed.bytes(), counter, 6);
    const auto nine = hotp_value(HashAlgorithm::Sha1, seed.bytes(), counter, 9);
    EXPECT_EQ(six, std::stoul(line[1])) << "counter " << counter;
    EXPECT_EQ(nine, std::stoul(line[2]) % 1'000'000'000U) << "counter " << counter;
  }
}

TEST(HotpTest, ASeedOfNoBytesIsRefusedRatherThanTakenFromTheLastUser) {
  const Secret seed(kRfcSeed);
  static_cast<void>(hotp_value(HashAlgorithm::Sha1, seed.bytes(), 0, 6));
  EXPECT_ANY_THROW(static_cast<void>(hotp_value(HashAlgorithm::Sha1, {}, 0, 6)));
}

TEST(HotpTest, EveryCounterWithinTheLookAheadMatchesItself) {
  for (std::size_t counter = 0; counter < 10; ++counter) {
    const auto match = match_hotp(rfc_credential(), rfc_code(counter), kHotpLookAhead);
    EXPECT_EQ(match.kind, OtpMatch::Kind::Fresh) << counter;
    EXPECT_EQ(match.factor, static_cast<MovingFactor>(counter));
  }
}

TEST(HotpTest, ACounterBeyondTheLookAheadDoesNotMatch) {  // RFC 4226 §7.4
  EXPECT_EQ(match_hotp(rfc_credential(), rfc_code(3), 4).kind, OtpMatch::Kind::Fresh);
  EXPECT_EQ(match_hotp(rfc_credential(), rfc_code(4), 4).kind, OtpMatch::Kind::None);
}

TEST(HotpTest, ACounterUpToTheLastUsedOneIsNeverFresh) {  // S91
  for (std::size_t counter = 0; counter <= 5; ++counter) {
    EXPECT_NE(match_hotp(rfc_credential(5), rfc_code(counter), kHotpLookAhead).kind,
              OtpMatch::Kind::Fresh)
        << counter;
  }
  EXPECT_EQ(match_hotp(rfc_credential(5), rfc_code(6), kHotpLookAhead).kind, OtpMatch::Kind::Fresh);
}

TEST(HotpTest, TheLastUsedCodeIsToldFromAWrongOne) {
  EXPECT_EQ(match_hotp(rfc_credential(5), rfc_code(5), kHotpLookAhead).kind, OtpMatch::Kind::Spent);
  EXPECT_EQ(match_hotp(rfc_credential(5), "000000", kHotpLookAhead).kind, OtpMatch::Kind::None);
}

class NotACodeTest : public testing::TestWithParam<std::string> {};

TEST_P(NotACodeTest, MatchesNothing) {
  EXPECT_EQ(match_hotp(rfc_credential(), GetParam(), kHotpLookAhead).kind, OtpMatch::Kind::None);
}

INSTANTIATE_TEST_SUITE_P(OtherLengthsAndCharacters,
                         NotACodeTest,
                         testing::Values("",
                                         "75522",
                                         "0755224",
                                         "84755224",
                                         " 55224",
                                         "+55224",
                                         "75522\xb2",
                                         std::string("755224\0", 7),
                                         std::string(1000, '7')));

TEST(HotpTest, TwoCodesInARowResynchronizeToTheSecond) {  // RFC 4226 §7.4
  EXPECT_EQ(resynchronize_hotp(rfc_credential(), rfc_code(7), rfc_code(8), kFarAhead), 8);
}

TEST(HotpTest, CodesThatAreNotNeighboursDoNotResynchronize) {
  const auto credential = rfc_credential();
  EXPECT_FALSE(resynchronize_hotp(credential, rfc_code(7), rfc_code(9), kFarAhead));
  EXPECT_FALSE(resynchronize_hotp(credential, rfc_code(8), rfc_code(7), kFarAhead));
  EXPECT_FALSE(resynchronize_hotp(credential, rfc_code(7), rfc_code(7), kFarAhead));
}

TEST(HotpTest, ResynchronizingNeverMovesBack) {  // S91
  EXPECT_FALSE(resynchronize_hotp(rfc_credential(8), rfc_code(7), rfc_code(8), kFarAhead));
  EXPECT_FALSE(resynchronize_hotp(rfc_credential(7), rfc_code(7), rfc_code(8), kFarAhead));
}

TEST(HotpTest, BothCodesLieWithinTheReachOfResynchronizing) {  // two codes within 50
  EXPECT_EQ(resynchronize_hotp(rfc_credential(), rfc_code(7), rfc_code(8), 9), 8);
  EXPECT_FALSE(resynchronize_hotp(rfc_credential(), rfc_code(7), rfc_code(8), 8));
}

}  // namespace
}  // namespace twinlock
