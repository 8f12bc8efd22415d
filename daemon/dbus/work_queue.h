// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_WORK_QUEUE_H
#define TWINLOCK_DAEMON_DBUS_WORK_QUEUE_H

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "daemon/dbus/call_gate.h"

namespace twinlock::dbus {

struct WorkerBounds {
  std::size_t workers = 32;  // started as they are needed
  std::size_t per_user = 4;  // that one uid other than root may hold at a time
  std::size_t for_root = 8;  // that no other uid may hold: logins are root's calls
};

// Calls on their way from the bus thread to the workers. Uids take turns, whatever the number of
// calls each has waiting, so that a flood delays nobody but its sender (S39). Any thread.
class WorkQueue {
 public:
  using Job = std::function<void()>;

  explicit WorkQueue(const GateLimits& limits, WorkerBounds bounds = {});
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;
  ~WorkQueue();  // as drain()

  // Has `job` run on a worker, or says why not. A job doesn't throw.
  [[nodiscard]] Admission submit(Uid uid, Job job);

  void configure(const GateLimits& limits);

  // Takes no more jobs and returns when all that were accepted have run.
  void drain();

 private:
  struct Line {
    std::deque<Job> jobs;
    std::size_t running = 0;
  };

  void serve();
  bool take(Uid& uid, Job& job);
  [[nodiscard]] bool may_run(Uid uid, const Line& line) const;

  const WorkerBounds bounds_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  CallGate gate_;
  std::map<Uid, Line> lines_;  // of uids with a job waiting or running
  std::deque<Uid> turns_;      // the same uids, the next to serve in front
  std::size_t running_for_users_ = 0;
  std::size_t waiting_ = 0;  // jobs
  std::size_t idle_ = 0;     // workers
  bool ending_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace twinlock::dbus

#endif
