// SPDX-License-Identifier: MIT
#include "daemon/system/journal.h"

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "common/counted.h"

namespace twinlock {
namespace {

constexpr const char* kJournalSocket = "/run/systemd/journal/socket";

void write_to_journald(const LogEntry& entry) {
  std::vector<std::string> fields;
  fields.reserve(entry.size());
  for (const auto& field : entry) fields.push_back(field.name + '=' + field.value);
  std::vector<iovec> parts;
  parts.reserve(fields.size());
  for (auto& field : fields) parts.push_back({field.data(), field.size()});
  sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
}

void write_to_standard_error(const LogEntry& entry) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto line = line_of(entry, now) + '\n';
  // One write, so that lines of several processes don't mix. If nobody reads, nobody does.
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

Journal::Writer best_writer() {
  return access(kJournalSocket, W_OK) == 0 ? write_to_journald : write_to_standard_error;
}

}  // namespace

Journal::Journal(Writer writer)
    : writer_(writer ? std::move(writer) : best_writer()),
      host_(host_name()),
      thread_([this] { serve(); }) {}

Journal::~Journal() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Journal::record(const AuditEvent& event) {
  const auto key = std::string(audit_event_name(event.type)) + ' ' +
                   std::string(reason_name(event.reason)) + ' ' + event.user + ' ' + event.service +
                   ' ' + event.source;
  // A decision to let somebody in is never a flood: it is what an audit is for.
  const bool is_grant = event.type == AuditEventType::LoginGranted;
  submit(entry_of(event, host_), is_grant ? "" : key, severity_of(event));
}

void Journal::problem(Severity severity, std::string_view area, std::string_view text) {
  submit(entry_of_problem(severity, area, text),
         "problem " + std::string(area) + ' ' + std::string(text.substr(0, kMaxFieldBytes)),
         severity);
}

void Journal::submit(LogEntry entry, const std::string& key, Severity severity) {
  const std::lock_guard lock(mutex_);
  if (severity != Severity::Alert && !key.empty() &&
      filter_.judge(key, std::chrono::steady_clock::now()) == FloodFilter::Verdict::LeaveOut) {
    return;
  }
  if (waiting_.size() >= kMaxWaiting) {
    ++dropped_;
    return;
  }
  waiting_.push_back(std::move(entry));
  changed_.notify_one();
}

void Journal::write_summaries(std::unique_lock<std::mutex>& lock) {
  const auto now = std::chrono::steady_clock::now();
  const auto summaries = filter_.ended(ending_ ? now + std::chrono::minutes(1) : now);
  const auto dropped = std::exchange(dropped_, 0);
  lock.unlock();
  for (const auto& summary : summaries) {
    AuditEvent event{};
    event.time = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    event.type = AuditEventType::Suppressed;
    event.detail = std::to_string(summary.left_out) + " more of: " + summary.key;
    writer_(entry_of(event, host_));
  }
  if (dropped > 0) {
    writer_(entry_of_problem(Severity::Warning,
                             "journal",
                             "dropped, since it was too slow: " +
                                 counted(static_cast<std::int64_t>(dropped), "record")));
  }
  lock.lock();
}

void Journal::serve() {
  std::unique_lock lock(mutex_);
  while (!ending_ || !waiting_.empty()) {
    changed_.wait_for(
        lock, std::chrono::seconds(10), [this] { return ending_ || !waiting_.empty(); });
    while (!waiting_.empty()) {
      const auto entry = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      writer_(entry);
      lock.lock();
    }
    write_summaries(lock);
  }
}

}  // namespace twinlock
