// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STOP_GUARD_H
#define TWINLOCK_DAEMON_STOP_GUARD_H

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace twinlock {

// Watches over the end of the daemon. Whoever waits for something to end says so first. What
// doesn't end in time is named, and the process ends without it, there and then: no destructor
// runs, so that the store isn't noted as closed in order. Any thread.
class StopGuard {
 public:
  // What a call to a port may take (two seconds), and one to join the thread.
  static constexpr std::chrono::milliseconds kPatience{3000};

  // Tells a line for the administrator and ends the process; a test does something else. After it,
  // nothing is watched any more.
  using End = std::function<void(const std::string& line)>;

  explicit StopGuard(End end, std::chrono::milliseconds patience = kPatience);
  StopGuard(const StopGuard&) = delete;
  StopGuard& operator=(const StopGuard&) = delete;
  ~StopGuard();

  // From now on the end of `what` is awaited, and of nothing else: what was before has ended.
  void await(const std::string& what);
  // Everything has ended that was awaited.
  void done();

  // Says await() when it goes: a member right behind the one whose end takes its time.
  class Announcement {
   public:
    Announcement(StopGuard& guard, const char* what) : guard_(guard), what_(what) {}
    Announcement(const Announcement&) = delete;
    Announcement& operator=(const Announcement&) = delete;
    ~Announcement() { guard_.await(what_); }

   private:
    StopGuard& guard_;
    const char* what_;
  };

 private:
  void watch();

  const End end_;
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;  // guards the four below
  std::condition_variable changed_;
  std::string awaited_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  bool ending_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace twinlock

#endif
