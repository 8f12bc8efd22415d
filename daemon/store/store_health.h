// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_STORE_HEALTH_H
#define TWINLOCK_DAEMON_STORE_STORE_HEALTH_H

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "common/result.h"
#include "daemon/store/sqlite_database.h"
#include "daemon/store/store_alert.h"

namespace twinlock {

// What the connections of one store know together about its file: whether it still is a sound
// database, and who has been told that it isn't (S133). Any thread.
class StoreHealth {
 public:
  StoreHealth(std::string path, StoreAlertSink alerts)
      : path_(std::move(path)), alerts_(std::move(alerts)) {}

  // Unavailable for good, once damage was found: an answer out of a damaged file is a guess.
  [[nodiscard]] Status check() const;
  // A call on `database` failed just now. Tells once, until something works again.
  void failed(const sqlite::Database& database, const Error& error);
  void damaged(const std::string& finding);
  // The disk is full. That writes are refused is told once, until there was none for a while. On
  // the writer's thread.
  void full(StoreAlert alert, const std::string& text);
  void worked();
  void notice(const std::string& text) { tell(StoreAlert::Notice, text); }

 private:
  void tell(StoreAlert alert, const std::string& text) const;

  const std::string path_;
  const StoreAlertSink alerts_;
  std::atomic<bool> damaged_ = false;
  std::atomic<bool> failing_ = false;
  std::optional<std::chrono::steady_clock::time_point> refused_;  // for want of room, the last time
};

}  // namespace twinlock

#endif
