// SPDX-License-Identifier: MIT
#include "daemon/dbus/call_gate.h"

#include <algorithm>

namespace twinlock::dbus {
namespace {

// Above this many uids the silent ones are forgotten; a machine with more of them calling at the
// same time has room for them.
constexpr std::size_t kKeptUids = 1024;

double seconds(CallGate::Moment::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Admission CallGate::admit(Uid uid, Moment now) {
  const auto& limits = limits_of(uid);
  if (buckets_.size() > kKeptUids) forget_idle(now);
  auto& bucket =
      buckets_.try_emplace(uid, Bucket{static_cast<double>(limits.burst), now}).first->second;

  const double earned = seconds(now - bucket.filled) * limits.per_second;
  bucket.tokens =
      std::min(bucket.tokens + std::max(earned, 0.0), static_cast<double>(limits.burst));
  bucket.filled = now;

  if (bucket.open >= limits.in_flight) return Admission::TooMany;
  if (bucket.tokens < 1) return Admission::TooFast;
  bucket.tokens -= 1;
  ++bucket.open;
  return Admission::Accepted;
}

void CallGate::close(Uid uid) {
  const auto bucket = buckets_.find(uid);
  if (bucket != buckets_.end()) --bucket->second.open;
}

void CallGate::forget_idle(Moment now) {
  std::erase_if(buckets_, [this, now](const auto& entry) {
    const auto& limits = limits_of(entry.first);
    const double refill = static_cast<double>(limits.burst) / limits.per_second;
    return entry.second.open == 0 && seconds(now - entry.second.filled) > refill;
  });
}

}  // namespace twinlock::dbus
