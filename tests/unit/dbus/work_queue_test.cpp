// SPDX-License-Identifier: MIT
#include "daemon/dbus/work_queue.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <vector>

namespace twinlock::dbus {
namespace {

constexpr GateLimits kWide{{100000, 100000, 10000}, {100000, 100000, 10000}};

// Something that jobs hang on until the test lets them go.
class Hook {
 public:
  void release() { promise_.set_value(); }
  [[nodiscard]] std::shared_future<void> released() const { return released_; }

 private:
  std::promise<void> promise_;
  std::shared_future<void> released_ = promise_.get_future().share();
};

TEST(WorkQueue, RunsWhatItAccepts) {
  std::atomic<int> ran{0};
  WorkQueue queue(kWide);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(queue.submit(static_cast<Uid>(i % 7), [&ran] { ++ran; }), Admission::Accepted);
  }
  queue.drain();
  EXPECT_EQ(ran, 1000);
}

TEST(WorkQueue, TakesNothingOnceItDrains) {
  WorkQueue queue(kWide);
  queue.drain();
  EXPECT_EQ(queue.submit(0, [] {}), Admission::Closed);
}

// S39: the order in which one worker takes what two uids have sent.
TEST(WorkQueue, LetsUidsTakeTurnsWhateverEachHasWaiting) {
  Hook hook;
  std::mutex mutex;
  std::vector<Uid> order;
  WorkQueue queue(kWide, {1, 1, 0});
  std::promise<void> started;
  (void)queue.submit(5, [&] {
    started.set_value();
    hook.released().wait();
  });
  started.get_future().wait();
  const auto job_of = [&](Uid uid) {
    return [&mutex, &order, uid] {
      const std::lock_guard lock(mutex);
      order.push_back(uid);
    };
  };
  for (int i = 0; i < 100; ++i) (void)queue.submit(1000, job_of(1000));
  (void)queue.submit(0, job_of(0));
  (void)queue.submit(1001, job_of(1001));
  hook.release();
  queue.drain();
  ASSERT_EQ(order.size(), 102U);
  EXPECT_THAT(std::vector<Uid>(order.begin(), order.begin() + 3),
              ::testing::UnorderedElementsAre(0, 1000, 1001));
}

// S39: calls that wait (for polkit, say) hold no worker that a login needs.
TEST(WorkQueue, KeepsWorkersForRootWhateverUsersDo) {
  Hook hook;
  WorkQueue queue(kWide, {6, 2, 2});
  std::latch holding(4);
  for (Uid uid = 1000; uid < 1010; ++uid) {
    for (int i = 0; i < 5; ++i) {
      (void)queue.submit(uid, [&] {
        holding.count_down();
        hook.released().wait();
        // Later ones run after the release and must not count below zero.
      });
      if (uid >= 1002) break;
    }
  }
  holding.wait();
  std::promise<void> root_ran;
  (void)queue.submit(0, [&root_ran] { root_ran.set_value(); });
  EXPECT_EQ(root_ran.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  hook.release();
  queue.drain();
}

TEST(WorkQueue, GivesOneUserNoMoreThanItsShareOfWorkers) {
  Hook hook;
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  WorkQueue queue(kWide, {8, 2, 2});
  std::latch two_run(2);
  for (int i = 0; i < 20; ++i) {
    (void)queue.submit(1000, [&] {
      const int now = ++running;
      int seen = most;
      while (seen < now && !most.compare_exchange_weak(seen, now)) {
      }
      if (now <= 2 && !two_run.try_wait()) two_run.count_down();
      hook.released().wait();
      --running;
    });
  }
  std::promise<void> other_ran;
  (void)queue.submit(1001, [&other_ran] { other_ran.set_value(); });
  EXPECT_EQ(other_ran.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  hook.release();
  queue.drain();
  EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace twinlock::dbus
