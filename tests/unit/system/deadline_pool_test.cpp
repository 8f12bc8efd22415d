// SPDX-License-Identifier: MIT
#include "daemon/system/deadline_pool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace twinlock {
namespace {

using namespace std::chrono_literals;
using Outcome = DeadlinePool::Outcome;

// Something that calls hang on until the test lets them go.
struct Hook {
  std::promise<void> promise;
  std::shared_future<void> released = promise.get_future().share();
};

// Leaves one call hanging on `hook`. Long enough for its thread to come to it on a busy machine:
// what is given up before that never hangs.
void hang_one(DeadlinePool& pool, const Hook& hook) {
  EXPECT_EQ(pool.run([released = hook.released] { released.wait(); }, 500ms), Outcome::GivenUp);
}

TEST(DeadlinePool, RunsACallToItsEnd) {
  DeadlinePool pool({2, 4, 16});
  int result = 0;
  EXPECT_EQ(pool.run([&result] { result = 7; }, 10s), Outcome::Finished);
  EXPECT_EQ(result, 7);
}

// S47
TEST(DeadlinePool, GivesUpACallThatHangsAndGoesOnWithOthers) {
  Hook hook;
  DeadlinePool pool({1, 4, 16});
  for (int i = 0; i < 3; ++i) {
    hang_one(pool, hook);
    EXPECT_EQ(pool.run([] {}, 10s), Outcome::Finished) << "after " << i + 1 << " that hang";
  }
  hook.promise.set_value();
}

TEST(DeadlinePool, FailsAtTheBoundRatherThanGrow) {
  Hook hook;
  DeadlinePool pool({1, 2, 4});
  hang_one(pool, hook);
  hang_one(pool, hook);
  EXPECT_EQ(pool.run([] {}, 20ms), Outcome::GivenUp);
  hook.promise.set_value();
  EXPECT_EQ(pool.run([] {}, 10s), Outcome::Finished);  // and recovers without hands
}

TEST(DeadlinePool, WakesWhoeverWaitsForACallAndNobodyElse) {
  Hook hook;
  DeadlinePool pool({2, 4, 16});
  std::promise<void> begun;
  long woken = 0;
  std::jthread patient([&] {
    const auto call = [&begun, released = hook.released] {
      begun.set_value();
      released.wait();
    };
    rusage before{};
    rusage after{};
    getrusage(RUSAGE_THREAD, &before);
    EXPECT_EQ(pool.run(call, 60s), Outcome::Finished);
    getrusage(RUSAGE_THREAD, &after);
    woken = after.ru_nvcsw - before.ru_nvcsw;
  });
  begun.get_future().wait();
  // Slow enough for one that is woken to go back to sleep each time.
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(pool.run([] { std::this_thread::sleep_for(1ms); }, 60s), Outcome::Finished);
  }
  hook.promise.set_value();
  patient.join();
  EXPECT_LT(woken, 50) << "200 calls of others ended meanwhile";
}

TEST(DeadlinePool, ServesManyCallersAtOnce) {
  DeadlinePool pool({4, 8, 256});
  std::atomic<int> finished{0};
  std::vector<std::jthread> callers(16);
  for (auto& caller : callers) {
    caller = std::jthread([&pool, &finished] {
      for (int i = 0; i < 100; ++i) {
        if (pool.run([] {}, 10s) == Outcome::Finished) ++finished;
      }
    });
  }
  callers.clear();
  EXPECT_EQ(finished, 1600);
}

}  // namespace
}  // namespace twinlock
