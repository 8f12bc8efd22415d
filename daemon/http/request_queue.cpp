// SPDX-License-Identifier: MIT
#include "daemon/http/request_queue.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "daemon/http/library.h"

namespace twinlock::http {
namespace {

// How long a request waits for one of the workers that are about to be free, while there is a
// processor for another: a few short requests' time.
constexpr std::chrono::microseconds kPatience{100};

}  // namespace

RequestQueue::RequestQueue(Dispatcher& dispatcher, std::size_t capacity, std::size_t workers)
    : dispatcher_(dispatcher),
      max_workers_(workers),
      enough_(std::max(std::thread::hardware_concurrency(), 2U) - 1),
      processors_(enough_ + 1),
      capacity_(capacity) {}

RequestQueue::~RequestQueue() { drain(); }

bool RequestQueue::submit(Job job) {
  job.is_search = dispatcher_.is_search(job.request);
  job.submitted = std::chrono::steady_clock::now();
  const std::scoped_lock lock(mutex_);
  if (ending_ || waiting_.size() >= capacity_) return false;
  if (job.is_search && waiting_searches_ >= (capacity_ + 1) / 2) return false;
  if (at_work() < enough_ && !call_worker()) return false;
  waiting_searches_ += job.is_search ? 1 : 0;
  waiting_.push_back(std::move(job));
  has_waiting_ = true;
  return true;
}

void RequestQueue::nudge(std::chrono::steady_clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  const auto first = next();
  if (ending_ || first == waiting_.end()) return;
  const std::chrono::steady_clock::duration patience =
      at_work() < processors_ ? kPatience : std::chrono::microseconds(kNudgeEvery);
  if (now - first->submitted < patience) return;
  static_cast<void>(call_worker());
}

bool RequestQueue::call_worker() {
  if (idle_ > 0) {
    called_ = std::min(called_ + 1, idle_);
    changed_.notify_one();
    return true;
  }
  return workers_.size() < max_workers_ ? add_worker() : true;
}

// False if there is none and none can be had.
bool RequestQueue::add_worker() {
  try {
    workers_.emplace_back([this] { serve(); });
  } catch (const std::system_error&) {  // out of threads: those that are there do it (S142)
  }
  return !workers_.empty();
}

void RequestQueue::configure(std::size_t capacity) {
  const std::scoped_lock lock(mutex_);
  capacity_ = capacity;
}

void RequestQueue::drain() {
  std::vector<std::thread> workers;
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    workers.swap(workers_);
  }
  changed_.notify_all();
  for (auto& worker : workers) worker.join();
}

std::deque<Job>::iterator RequestQueue::next() {
  if (searches_ < (max_workers_ + 1) / 2) return waiting_.begin();
  return std::find_if(
      waiting_.begin(), waiting_.end(), [](const Job& job) { return !job.is_search; });
}

bool RequestQueue::take(Job& job) {
  std::unique_lock lock(mutex_);
  ++idle_;
  auto found = next();
  while (found == waiting_.end() && !(ending_ && waiting_.empty())) {
    changed_.wait(lock);
    found = next();
    // Another was quicker: else this one would count as about to work from now on.
    if (found == waiting_.end()) forget_call();
  }
  --idle_;
  forget_call();
  if (found == waiting_.end()) return false;
  job = std::move(*found);
  waiting_.erase(found);
  has_waiting_ = !waiting_.empty();
  waiting_searches_ -= job.is_search ? 1 : 0;
  searches_ += job.is_search ? 1 : 0;
  if (ending_ && waiting_.empty()) changed_.notify_all();
  return true;
}

void RequestQueue::finish(const Job& job) {
  if (!job.is_search) return;
  {
    const std::scoped_lock lock(mutex_);
    --searches_;
  }
  changed_.notify_all();
}

void RequestQueue::serve() {
  Library library;
  for (Job job; take(job); finish(job), job = {}) {
    if (!job.connection->begin_answer(job.serial)) continue;
    std::string bytes;
    bool keeps = job.keep_alive;
    try {
      const auto response = dispatcher_.answer(job.request, job.connection->listener());
      bytes = library.write(job.request.method, response, keeps);
    } catch (const std::exception&) {
      // S142: no memory for this request is no reason to end others. An empty answer closes.
      bytes.clear();
      keeps = false;
    }
    job.connection->answer(job.serial, std::move(bytes), keeps);
  }
}

}  // namespace twinlock::http
