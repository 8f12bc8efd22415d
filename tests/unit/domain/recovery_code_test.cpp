// SPDX-License-Identifier: MIT
#include "daemon/domain/recovery_code.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/fakes/seeded_random.h"

namespace twinlock {
namespace {

using Bytes = std::array<std::uint8_t, kRecoveryCodeBytes>;

Bytes all(std::uint8_t byte) {
  Bytes bytes;
  bytes.fill(byte);
  return bytes;
}

TEST(RecoveryCodeTest, WritesFiveBitsALetterMostSignificantFirst) {  // S105
  EXPECT_EQ(make_recovery_code(all(0x00)).text(), "000000000000000000000000");
  EXPECT_EQ(make_recovery_code(all(0xFF)).text(), "ZZZZZZZZZZZZZZZZZZZZZZZZ");
  // 00001 00010 00011 00100 00101 00110 00111 01000, three times.
  const Bytes counting{
      0x08, 0x86, 0x42, 0x98, 0xE8, 0x08, 0x86, 0x42, 0x98, 0xE8, 0x08, 0x86, 0x42, 0x98, 0xE8};
  EXPECT_EQ(make_recovery_code(counting).text(), "123456781234567812345678");
}

TEST(RecoveryCodeTest, EveryBitOfTheRandomnessShows) {  // 120 bits
  std::set<std::string> codes;
  for (std::size_t bit = 0; bit < kRecoveryCodeBytes * 8; ++bit) {
    Bytes bytes = all(0);
    bytes[bit / 8] = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    codes.emplace(make_recovery_code(bytes).text());
  }
  EXPECT_EQ(codes.size(), 120U);
}

TEST(RecoveryCodeTest, IsShownInGroupsOfFourAndReadBack) {
  SeededRandom random;
  for (int i = 0; i < 1000; ++i) {
    Bytes bytes{};
    random.fill(bytes);
    const Secret code = make_recovery_code(bytes);
    const std::string shown = grouped(code);
    ASSERT_THAT(shown, testing::MatchesRegex("([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}"));
    const auto read = normalized_recovery_code(shown);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->text(), code.text());
  }
}

TEST(RecoveryCodeTest, TypingForgivesCaseSpacesDashesAndLookAlikes) {
  const auto read = normalized_recovery_code("oOiI lL01-abcdefghjkmnpqrs");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text(), "00111101ABCDEFGHJKMNPQRS");
}

class NoRecoveryCodeTest : public testing::TestWithParam<std::string> {};

TEST_P(NoRecoveryCodeTest, IsRefused) { EXPECT_FALSE(normalized_recovery_code(GetParam())); }

INSTANTIATE_TEST_SUITE_P(OtherForms,
                         NoRecoveryCodeTest,
                         testing::Values("",
                                         std::string(23, 'A'),
                                         std::string(25, 'A'),
                                         std::string(23, 'A') + "U",
                                         std::string(23, 'A') + "_",
                                         std::string(23, 'A') + '\0',
                                         std::string(23, 'A') + "\xff",
                                         std::string(24, '-')));

TEST(RecoveryCodeTest, TheSameCodeOfTwoSetsIsDigestedFromDifferentInputs) {  // S105
  const Secret code(std::string(kRecoveryCodeLength, 'A'));
  MethodId one{};
  MethodId two{};
  two.bytes[15] = 1;
  EXPECT_NE(recovery_code_input(one, code).text(), recovery_code_input(two, code).text());
  EXPECT_EQ(recovery_code_input(one, code).size(), 16 + kRecoveryCodeLength);
}

}  // namespace
}  // namespace twinlock
