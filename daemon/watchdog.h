// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_WATCHDOG_H
#define TWINLOCK_DAEMON_WATCHDOG_H

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/ports/event_log.h"

namespace twinlock {

// One loop that has to come round for somebody to be served.
struct Pulse {
  std::string loop;          // "the bus, for root"
  std::uint64_t rounds = 0;  // so far; grows at least once a second
  // Not empty: strangers can hold it up, and must not have logins restarted by that. Then this is
  // the alert for the log, and only minutes of silence end the daemon.
  std::string may_pause;
};

// Tells systemd that the daemon is alive, for as long as all that it runs is (S153). One thread.
class Watchdog {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  static constexpr std::chrono::seconds kNotedSilence{30};
  static constexpr std::chrono::minutes kLongestSilence{5};

  // `feed` reaches systemd; `now` is the time, for tests.
  Watchdog(std::function<std::vector<Pulse>()> pulses,
           EventLog& log,
           std::function<void()> feed,
           Clock now = std::chrono::steady_clock::now);

  // Every few seconds. Feeds if the store has answered, each loop that must not pause has come
  // round since the last call, and none that may has been silent for minutes. A loop that wasn't
  // there at the last call counts as alive.
  void look(bool store_answered);

 private:
  struct Seen {
    std::uint64_t rounds;
    std::chrono::steady_clock::time_point alive;
    bool is_reported;
  };
  [[nodiscard]] bool is_alive(const Pulse& pulse);

  const std::function<std::vector<Pulse>()> pulses_;
  EventLog& log_;
  const std::function<void()> feed_;
  const Clock now_;
  std::map<std::string, Seen> seen_;
};

}  // namespace twinlock

#endif
