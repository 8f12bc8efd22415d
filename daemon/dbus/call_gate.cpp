// SPDX-License-Identifier: MIT
#include "daemon/dbus/call_gate.h"

namespace twinlock::dbus {
namespace {

// Above this many uids the silent ones are forgotten; a machine with more of them calling at the
// same time has room for them.
constexpr std::size_t kKeptUids = 1024;

}  // namespace

Admission CallGate::admit(Uid uid, Moment now) {
  const auto& limits = limits_of(uid);
  if (buckets_.size() > kKeptUids) forget_idle(now);
  auto& bucket = buckets_.try_emplace(uid, Bucket{{limits.rate(), now}}).first->second;
  if (bucket.open >= limits.in_flight) return Admission::TooMany;
  if (!bucket.calls.take(limits.rate(), now)) return Admission::TooFast;
  ++bucket.open;
  return Admission::Accepted;
}

void CallGate::close(Uid uid) {
  const auto bucket = buckets_.find(uid);
  if (bucket != buckets_.end()) --bucket->second.open;
}

void CallGate::forget_idle(Moment now) {
  std::erase_if(buckets_, [this, now](const auto& entry) {
    return entry.second.open == 0 && entry.second.calls.is_full(limits_of(entry.first).rate(), now);
  });
}

}  // namespace twinlock::dbus
