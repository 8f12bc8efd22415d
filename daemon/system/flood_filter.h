// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_FLOOD_FILTER_H
#define TWINLOCK_DAEMON_SYSTEM_FLOOD_FILTER_H

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace twinlock {

// Lets at most twenty records of one kind through in a minute, and counts the rest (S128). What
// makes records identical is the caller's `key`. One thread.
class FloodFilter {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  static constexpr int kPerMinute = 20;
  static constexpr std::size_t kMaxKeys = 1024;  // of one minute; beyond, all others share one

  struct Summary {
    std::string key;
    int left_out;
  };

  enum class Verdict { Pass, LeaveOut };

  Verdict judge(const std::string& key, Moment now);

  // What was left out in minutes that have ended by `now`, once each.
  std::vector<Summary> ended(Moment now);

 private:
  struct Minute {
    Moment start;
    int passed = 0;
    int left_out = 0;
  };
  std::map<std::string, Minute> minutes_;
};

}  // namespace twinlock

#endif
