// SPDX-License-Identifier: MIT
#include "daemon/stop_guard.h"

#include <gmock/gmock.h>

#include <future>
#include <string>

namespace twinlock {
namespace {

using namespace std::chrono_literals;

class StopGuardTest : public testing::Test {
 protected:
  StopGuard::End end() {
    return [this](const std::string& line) { ended_.set_value(line); };
  }

  std::promise<std::string> ended_;
};

TEST_F(StopGuardTest, NamesWhatDoesNotEndAndEndsTheProcess) {
  StopGuard guard(end(), 1ms);
  { const StopGuard::Announcement store(guard, "the store's writing"); }
  EXPECT_THAT(ended_.get_future().get(),
              testing::StartsWith("the store's writing did not end in time"));
}

TEST_F(StopGuardTest, EndsNothingBeforeItIsToldToAwaitSomething) {
  { const StopGuard guard(end(), 0ms); }
  EXPECT_EQ(ended_.get_future().wait_for(0s), std::future_status::timeout);
}

TEST_F(StopGuardTest, IsQuietWhenEverythingHasEnded) {
  {
    StopGuard guard(end(), 1h);
    guard.await("housekeeping");
    guard.done();
    guard.await("the store");
  }
  EXPECT_EQ(ended_.get_future().wait_for(0s), std::future_status::timeout);
}

}  // namespace
}  // namespace twinlock
