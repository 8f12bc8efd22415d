// SPDX-License-Identifier: MIT
#include "daemon/domain/pending_alerts.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace twinlock {
namespace {

constexpr std::size_t kMostWaiting = 32;
constexpr int kLookedBack = 200;
constexpr std::chrono::minutes kOneEpisode{10};

bool is_same_episode(const AuditEvent& one, const AuditEvent& other) {
  return one.type == other.type && one.reason == other.reason && one.detail == other.detail &&
         std::chrono::abs(one.time - other.time) <= kOneEpisode;
}

}  // namespace

void PendingAlerts::add(
    AuditEventType type, Reason reason, WallTime time, const std::string& detail, Seen seen) {
  AuditEvent event{};
  event.time = time;
  event.type = type;
  event.reason = reason;
  event.actor = "twinlockd";
  event.detail = detail;
  const std::scoped_lock lock(mutex_);
  if (waiting_.size() < kMostWaiting) waiting_.push_back({std::move(event), seen});
}

void PendingAlerts::forget_those_told(AuditStore& audit) {
  {
    const std::scoped_lock lock(mutex_);
    const bool any = std::any_of(waiting_.begin(), waiting_.end(), [](const Alert& alert) {
      return alert.seen == Seen::Everywhere;
    });
    if (!any) return;
  }
  // Another process has written what it had to say just now, if it had anything.
  const auto newest = audit.read({.after = 0, .newest = true, .limit = kLookedBack, .user = {}});
  if (!newest) return;
  const auto is_told = [&newest](const Alert& alert) {
    return alert.seen == Seen::Everywhere &&
           std::any_of(newest->begin(), newest->end(), [&alert](const AuditRecord& record) {
             return is_same_episode(record.event, alert.event);
           });
  };
  const std::scoped_lock lock(mutex_);
  std::erase_if(waiting_, is_told);
}

void PendingAlerts::write_to(AuditTrail& trail) {
  const auto oldest = [this]() -> std::optional<AuditEvent> {
    const std::scoped_lock lock(mutex_);
    if (waiting_.empty()) return std::nullopt;
    return waiting_.front().event;
  };
  while (const auto event = oldest()) {
    if (!trail.write(*event)) return;  // the journal has had it already
    const std::scoped_lock lock(mutex_);
    waiting_.pop_front();
  }
}

}  // namespace twinlock
