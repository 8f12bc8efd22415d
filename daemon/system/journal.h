// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_JOURNAL_H
#define TWINLOCK_DAEMON_SYSTEM_JOURNAL_H

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "daemon/ports/event_log.h"
#include "daemon/system/flood_filter.h"
#include "daemon/system/log_entry.h"

namespace twinlock {

// Writes to journald where there is one, else lines to standard error. A thread of its own does
// it: a journal that hangs or a full pipe delays nobody, and what can't wait is counted and dropped
// (S132). Any thread may call.
class Journal final : public EventLog {
 public:
  using Writer = std::function<void(const LogEntry&)>;

  static constexpr std::size_t kMaxWaiting = 4096;

  // Writes with `writer`, or as said above.
  explicit Journal(Writer writer = {});
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal() override;  // after everything that waits is written

  void record(const AuditEvent& event) override;
  void problem(Severity severity, std::string_view area, std::string_view text) override;

 private:
  void submit(LogEntry entry, const std::string& key, Severity severity);
  void serve();
  void write_summaries(std::unique_lock<std::mutex>& lock);

  Writer writer_;
  std::string host_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::deque<LogEntry> waiting_;
  FloodFilter filter_;
  std::size_t dropped_ = 0;
  bool ending_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace twinlock

#endif
