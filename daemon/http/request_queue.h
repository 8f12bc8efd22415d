// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_REQUEST_QUEUE_H
#define TWINLOCK_DAEMON_HTTP_REQUEST_QUEUE_H

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "daemon/http/connection.h"
#include "daemon/http/dispatcher.h"

namespace twinlock::http {

inline constexpr std::chrono::milliseconds kNudgeEvery{1};

// Complete requests on their way to the workers that answer them. Workers are started as they are
// needed; a slow client never holds one (S53), and searches never hold all of them. Any thread.
class RequestQueue {
 public:
  RequestQueue(Dispatcher& dispatcher, std::size_t capacity, std::size_t workers);
  RequestQueue(const RequestQueue&) = delete;
  RequestQueue& operator=(const RequestQueue&) = delete;
  ~RequestQueue();  // as drain()

  // False, and nothing happens, if as many requests wait as may.
  [[nodiscard]] bool submit(Job job);
  // To be called at least every kNudgeEvery while has_waiting(): where workers have much to do or
  // are held up, others come.
  void nudge(std::chrono::steady_clock::time_point now);
  [[nodiscard]] bool has_waiting() const { return has_waiting_; }

  void configure(std::size_t capacity);

  // Takes no more requests and returns when all that were accepted have been answered.
  void drain();

 private:
  // Has a worker look; false if there is none and none can be had.
  [[nodiscard]] bool call_worker();
  [[nodiscard]] std::size_t at_work() const { return workers_.size() - idle_ + called_; }
  void forget_call() { called_ -= called_ > 0 ? 1 : 0; }
  [[nodiscard]] bool add_worker();
  void serve();
  [[nodiscard]] bool take(Job& job);
  void finish(const Job& job);
  // The first that may be answered now.
  [[nodiscard]] std::deque<Job>::iterator next();

  Dispatcher& dispatcher_;
  const std::size_t max_workers_;
  // With so many at work another one isn't called at once: a worker that is about to finish takes
  // the next request sooner than one that sleeps, and for less than it costs to wake it.
  const std::size_t enough_;
  const std::size_t processors_;
  std::mutex mutex_;  // guards the rest
  std::condition_variable changed_;
  std::size_t capacity_;
  std::atomic<bool> has_waiting_{false};
  std::deque<Job> waiting_;
  std::size_t idle_ = 0;              // workers
  std::size_t called_ = 0;            // of these, those that are about to wake
  std::size_t waiting_searches_ = 0;  // in waiting_
  std::size_t searches_ = 0;          // being answered
  bool ending_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace twinlock::http

#endif
