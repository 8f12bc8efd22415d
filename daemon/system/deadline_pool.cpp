// SPDX-License-Identifier: MIT
#include "daemon/system/deadline_pool.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace twinlock {
namespace {

struct Call {
  explicit Call(std::function<void()> b) : body(std::move(b)) {}

  std::function<void()> body;
  enum class Phase { Queued, Running, Finished, GivenUp } phase = Phase::Queued;
  std::condition_variable finished;  // for its one caller: many wait, each for its own
};

}  // namespace

struct DeadlinePool::State {
  explicit State(Bounds b) : bounds(b) {}

  Bounds bounds;
  std::mutex mutex;
  std::condition_variable work;             // something was queued, or the pool ends
  std::condition_variable thread_ended;     // for the destructor
  std::deque<std::shared_ptr<Call>> queue;  // each shared with the caller that waits for it
  std::size_t idle = 0;
  std::size_t alive = 0;
  std::size_t stuck = 0;
  bool ending = false;

  static void serve(const std::shared_ptr<State>& state);
  void run_next(std::unique_lock<std::mutex>& lock);
};

void DeadlinePool::State::run_next(std::unique_lock<std::mutex>& lock) {
  const auto call = std::move(queue.front());
  queue.pop_front();
  call->phase = Call::Phase::Running;
  lock.unlock();
  call->body();
  call->body = nullptr;
  lock.lock();
  if (call->phase == Call::Phase::GivenUp) --stuck;
  call->phase = Call::Phase::Finished;
  call->finished.notify_one();
}

void DeadlinePool::State::serve(const std::shared_ptr<State>& state) {
  std::unique_lock lock(state->mutex);
  for (;;) {
    ++state->idle;
    state->work.wait(lock, [&state] { return state->ending || !state->queue.empty(); });
    --state->idle;
    if (state->ending) break;
    state->run_next(lock);
    if (state->alive - state->stuck > state->bounds.threads) break;  // it has been replaced
  }
  --state->alive;
  state->thread_ended.notify_all();
}

DeadlinePool::DeadlinePool(Bounds bounds) : state_(std::make_shared<State>(bounds)) {}

DeadlinePool::~DeadlinePool() {
  std::unique_lock lock(state_->mutex);
  state_->ending = true;
  state_->work.notify_all();
  state_->thread_ended.wait(lock, [this] { return state_->alive == state_->stuck; });
}

DeadlinePool::Outcome DeadlinePool::run(std::function<void()> body,
                                        std::chrono::milliseconds limit) {
  const auto call = std::make_shared<Call>(std::move(body));
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::unique_lock lock(state_->mutex);
  auto& state = *state_;
  if (state.queue.size() >= state.bounds.max_queued) return Outcome::GivenUp;
  state.queue.push_back(call);
  if (state.queue.size() > state.idle && state.alive - state.stuck < state.bounds.threads &&
      state.alive < state.bounds.max_threads) {
    // Detached, since a thread that hangs could never be joined; ~DeadlinePool waits by count.
    std::thread([shared = state_] { State::serve(shared); }).detach();
    ++state.alive;
  }
  state.work.notify_one();
  call->finished.wait_until(
      lock, deadline, [&call] { return call->phase == Call::Phase::Finished; });
  if (call->phase == Call::Phase::Finished) return Outcome::Finished;
  if (call->phase == Call::Phase::Running) {
    ++state.stuck;
    // Whoever waits in the queue shall not wait for this one.
    if (!state.queue.empty() && state.idle == 0 && state.alive < state.bounds.max_threads) {
      std::thread([shared = state_] { State::serve(shared); }).detach();
      ++state.alive;
    }
  } else {
    std::erase(state.queue, call);
  }
  call->phase = Call::Phase::GivenUp;
  return Outcome::GivenUp;
}

}  // namespace twinlock
