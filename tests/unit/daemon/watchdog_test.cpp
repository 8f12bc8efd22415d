// SPDX-License-Identifier: MIT
#include "daemon/watchdog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/recording_log.h"

namespace twinlock {
namespace {

using namespace std::chrono_literals;

class WatchdogTest : public testing::Test {
 protected:
  // Whether it was fed at this look.
  bool look(bool store_answered = true) {
    const int before = fed_;
    now_ += 10s;
    watchdog_.look(store_answered);
    return fed_ > before;
  }
  void all_come_round() {
    for (auto& pulse : pulses_) ++pulse.rounds;
  }

  RecordingLog log_;
  int fed_ = 0;
  std::chrono::steady_clock::time_point now_{};
  std::vector<Pulse> pulses_{{"logins", 0, ""}, {"acceptor", 0, ""}, {"others", 0, "are held up"}};
  Watchdog watchdog_{[this] { return pulses_; }, log_, [this] { ++fed_; }, [this] { return now_; }};
};

TEST_F(WatchdogTest, IsFedWhileEveryLoopComesRoundAndTheStoreAnswers) {
  for (int n = 0; n < 3; ++n) {
    all_come_round();
    EXPECT_TRUE(look());
  }
  all_come_round();
  EXPECT_FALSE(look(false)) << "the store";
  all_come_round();
  EXPECT_TRUE(look());
}

TEST_F(WatchdogTest, OneLoopThatStandsStillIsEnough) {
  for (const std::size_t still : {0U, 1U}) {
    all_come_round();
    EXPECT_TRUE(look());
    all_come_round();
    --pulses_[still].rounds;
    EXPECT_FALSE(look()) << pulses_[still].loop;
  }
}

TEST_F(WatchdogTest, ALoopThatNeverCameRoundIsNotAlive) { EXPECT_FALSE(look()); }

TEST_F(WatchdogTest, ALoopThatStrangersCanHoldUpIsReportedAndEndsNothingForMinutes) {
  all_come_round();
  EXPECT_TRUE(look());
  const auto last_alive = now_;
  while (now_ + 10s - last_alive < Watchdog::kLongestSilence) {
    ++pulses_[0].rounds;
    ++pulses_[1].rounds;
    EXPECT_TRUE(look()) << (now_ - last_alive) / 1s;
  }
  ++pulses_[0].rounds;
  ++pulses_[1].rounds;
  EXPECT_FALSE(look());
  ASSERT_EQ(log_.problems().size(), 1U) << "once an episode";
  EXPECT_EQ(log_.problems()[0].text, "are held up");
  all_come_round();
  EXPECT_TRUE(look());
}

TEST_F(WatchdogTest, AShortSilenceOfSuchALoopIsNoAlert) {
  for (int n = 0; n < 10; ++n) {
    ++pulses_[0].rounds;
    ++pulses_[1].rounds;
    if (n % 3 == 0) ++pulses_[2].rounds;
    EXPECT_TRUE(look());
  }
  EXPECT_TRUE(log_.problems().empty());
}

}  // namespace
}  // namespace twinlock
