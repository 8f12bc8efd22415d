// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_DEADLINE_POOL_H
#define TWINLOCK_DAEMON_SYSTEM_DEADLINE_POOL_H

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace twinlock {

// Threads for calls into code that may never come back, such as a directory server's NSS module
// (S47). A call that overstays is given up: its thread is replaced, up to a bound, and ends when
// the call does come back. Beyond the bound, calls fail at once. Any thread may call.
class DeadlinePool {
 public:
  struct Bounds {
    std::size_t threads;      // that work
    std::size_t max_threads;  // those given up included
    std::size_t max_queued;
  };
  enum class Outcome { Finished, GivenUp };

  explicit DeadlinePool(Bounds bounds);
  DeadlinePool(const DeadlinePool&) = delete;
  DeadlinePool& operator=(const DeadlinePool&) = delete;
  // Waits for the calls that run, but not for those given up.
  ~DeadlinePool();

  // Runs `body` on a thread of the pool and waits up to `limit`. `body` owns what it touches, since
  // it may run on after this returned GivenUp.
  [[nodiscard]] Outcome run(std::function<void()> body, std::chrono::milliseconds limit);

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the threads, some of which may outlive this
};

}  // namespace twinlock

#endif
