// SPDX-License-Identifier: MIT
#include "daemon/domain/pending_alerts.h"

#include <optional>
#include <utility>

namespace twinlock {
namespace {

constexpr std::size_t kMostWaiting = 32;

}  // namespace

void PendingAlerts::add(AuditEventType type,
                        Reason reason,
                        WallTime seen,
                        const std::string& detail) {
  AuditEvent event{};
  event.time = seen;
  event.type = type;
  event.reason = reason;
  event.actor = "twinlockd";
  event.detail = detail;
  const std::scoped_lock lock(mutex_);
  if (waiting_.size() < kMostWaiting) waiting_.push_back(std::move(event));
}

void PendingAlerts::write_to(AuditTrail& trail) {
  const auto oldest = [this]() -> std::optional<AuditEvent> {
    const std::scoped_lock lock(mutex_);
    if (waiting_.empty()) return std::nullopt;
    return waiting_.front();
  };
  while (const auto event = oldest()) {
    if (!trail.write(*event)) return;  // the journal has had it already
    const std::scoped_lock lock(mutex_);
    waiting_.pop_front();
  }
}

}  // namespace twinlock
