// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_FAKES_RECORDING_LOG_H
#define TWINLOCK_TESTS_FAKES_RECORDING_LOG_H

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ports/event_log.h"

namespace twinlock {

// A log that remembers what it was told. Any thread.
class RecordingLog final : public EventLog {
 public:
  struct Problem {
    Severity severity;
    std::string area;
    std::string text;
  };

  void record(const AuditEvent& event) override {
    const std::scoped_lock lock(mutex_);
    events_.push_back(event);
  }
  void problem(Severity severity, std::string_view area, std::string_view text) override {
    const std::scoped_lock lock(mutex_);
    problems_.push_back({severity, std::string(area), std::string(text)});
  }

  [[nodiscard]] std::vector<AuditEvent> events() {
    const std::scoped_lock lock(mutex_);
    return events_;
  }
  [[nodiscard]] std::vector<Problem> problems() {
    const std::scoped_lock lock(mutex_);
    return problems_;
  }

 private:
  std::mutex mutex_;
  std::vector<AuditEvent> events_;
  std::vector<Problem> problems_;
};

}  // namespace twinlock

#endif
