// SPDX-License-Identifier: MIT
#include "daemon/domain/ulid.h"

#include <gtest/gtest.h>

#include "tests/fakes/seeded_random.h"

namespace twinlock {
namespace {

WallTime at(std::int64_t milliseconds) { return WallTime(std::chrono::milliseconds(milliseconds)); }

TEST(UlidTest, WritesTheExampleOfTheSpecification) {
  // The specification's example time, 1469918176385, begins "01ARYZ6S41".
  EXPECT_EQ(to_text(make_ulid(at(1469918176385), std::array<std::uint8_t, 10>{})),
            "01ARYZ6S410000000000000000");
}

TEST(UlidTest, SortsByTheTimeItWasMadeAsBytesAndAsText) {
  SeededRandom random;
  Ulid before{};
  for (std::int64_t time = 1; time < 1'000'000'000'000; time = time * 3 + 1) {
    std::array<std::uint8_t, 10> bytes{};
    random.fill(bytes);
    const auto id = make_ulid(at(time), bytes);
    EXPECT_LT(before, id);
    EXPECT_LT(to_text(before), to_text(id));
    before = id;
  }
}

TEST(UlidTest, ReadsBackWhatItWrites) {
  SeededRandom random;
  for (int i = 0; i < 1000; ++i) {
    Ulid id;
    random.fill(id.bytes);
    ASSERT_EQ(parse_ulid(to_text(id)), id);
  }
}

TEST(UlidTest, ReadsEitherCase) {
  EXPECT_EQ(parse_ulid("01aryz6s410000000000000000"), parse_ulid("01ARYZ6S410000000000000000"));
}

TEST(UlidTest, TheLargestIdHasAllBitsSet) {
  Ulid all;
  all.bytes.fill(0xFF);
  EXPECT_EQ(to_text(all), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
  EXPECT_EQ(parse_ulid("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"), all);
}

class NoUlidTest : public testing::TestWithParam<std::string> {};

TEST_P(NoUlidTest, IsRefused) { EXPECT_FALSE(parse_ulid(GetParam())); }

INSTANTIATE_TEST_SUITE_P(OtherTexts,
                         NoUlidTest,
                         testing::Values("",
                                         "01ARYZ6S41000000000000000",
                                         "01ARYZ6S4100000000000000000",
                                         "80000000000000000000000000",  // 129 bits
                                         "ZZZZZZZZZZZZZZZZZZZZZZZZZZ",
                                         "01ARYZ6S41000000000000000I",
                                         "01ARYZ6S41000000000000000L",
                                         "01ARYZ6S41000000000000000O",
                                         "01ARYZ6S41000000000000000U",
                                         "01ARYZ6S41000000000000000-",
                                         "dev_01ARYZ6S41000000000000",
                                         std::string(25, '0') + '\0'));

}  // namespace
}  // namespace twinlock
