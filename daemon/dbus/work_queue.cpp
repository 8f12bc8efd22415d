// SPDX-License-Identifier: MIT
#include "daemon/dbus/work_queue.h"

#include <algorithm>
#include <utility>

namespace twinlock::dbus {

WorkQueue::WorkQueue(const GateLimits& limits, WorkerBounds bounds)
    : bounds_(bounds), gate_(limits) {}

WorkQueue::~WorkQueue() { drain(); }

void WorkQueue::configure(const GateLimits& limits) {
  const std::lock_guard lock(mutex_);
  gate_.configure(limits);
}

Admission WorkQueue::submit(Uid uid, Job job) {
  const std::lock_guard lock(mutex_);
  if (ending_) return Admission::Closed;
  const auto admission = gate_.admit(uid, std::chrono::steady_clock::now());
  if (admission != Admission::Accepted) return admission;

  const auto [line, is_new] = lines_.try_emplace(uid);
  if (is_new) turns_.push_back(uid);
  line->second.jobs.push_back(std::move(job));
  ++waiting_;
  // Counted, since one that was woken and hasn't run yet still looks idle.
  if (waiting_ > idle_ && workers_.size() < bounds_.workers) {
    workers_.emplace_back([this] { serve(); });
  }
  changed_.notify_one();  // any worker can take any job
  return Admission::Accepted;
}

void WorkQueue::drain() {
  std::vector<std::thread> workers;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    workers.swap(workers_);
  }
  changed_.notify_all();
  for (auto& worker : workers) worker.join();
}

bool WorkQueue::may_run(Uid uid, const Line& line) const {
  if (line.jobs.empty()) return false;
  if (uid == 0) return true;
  return line.running < bounds_.per_user && running_for_users_ + bounds_.for_root < bounds_.workers;
}

bool WorkQueue::take(Uid& uid, Job& job) {
  const auto next = std::find_if(turns_.begin(), turns_.end(), [this](Uid candidate) {
    return may_run(candidate, lines_.at(candidate));
  });
  if (next == turns_.end()) return false;
  uid = *next;
  turns_.erase(next);
  turns_.push_back(uid);  // behind everybody else

  auto& line = lines_.at(uid);
  job = std::move(line.jobs.front());
  line.jobs.pop_front();
  ++line.running;
  --waiting_;
  if (uid != 0) ++running_for_users_;
  return true;
}

void WorkQueue::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    Uid uid = 0;
    Job job;
    ++idle_;
    changed_.wait(lock, [&] { return take(uid, job) || (ending_ && lines_.empty()); });
    --idle_;
    if (!job) return;

    lock.unlock();
    job();
    job = nullptr;  // what it holds is let go outside of the lock
    lock.lock();

    gate_.close(uid);
    if (uid != 0) --running_for_users_;
    auto& line = lines_.at(uid);
    if (--line.running == 0 && line.jobs.empty()) {
      lines_.erase(uid);
      std::erase(turns_, uid);
    }
    // What this job's end makes room for, this worker takes itself.
    if (ending_ && lines_.empty()) changed_.notify_all();
  }
}

}  // namespace twinlock::dbus
