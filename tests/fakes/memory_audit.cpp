// SPDX-License-Identifier: MIT
#include <algorithm>

#include "tests/fakes/memory_store.h"

namespace twinlock {
namespace {

// Chains records so that a test sees an edit; a real store uses a key (S127).
MacBytes chained(const MacBytes& previous, std::uint64_t sequence, const AuditEvent& event) {
  std::uint64_t state = 0xcbf29ce484222325U;  // FNV-1a
  const auto add = [&state](std::uint8_t byte) { state = (state ^ byte) * 0x100000001b3U; };
  for (const auto byte : previous) add(byte);
  for (int shift = 0; shift < 64; shift += 8) add(static_cast<std::uint8_t>(sequence >> shift));
  add(static_cast<std::uint8_t>(event.type));
  add(static_cast<std::uint8_t>(event.reason));
  for (const auto* text : {&event.user, &event.service, &event.source, &event.detail}) {
    for (const char c : *text) add(static_cast<std::uint8_t>(c));
    add(0);
  }
  MacBytes mac{};
  for (auto& byte : mac) {
    add(0x5a);
    byte = static_cast<std::uint8_t>(state >> 56);
  }
  return mac;
}

}  // namespace

std::uint64_t MemoryStore::record(const AuditEvent& event) {
  head_ = chained(head_, ++sequence_, event);
  audit_.push_back({.sequence = sequence_, .event = event, .mac = head_});
  raise(event.time);
  return sequence_;
}

Result<std::uint64_t> MemoryStore::append(const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  return record(event);
}

Result<std::vector<AuditRecord>> MemoryStore::read(const AuditQuery& query) {
  const std::scoped_lock lock(mutex_);
  std::vector<AuditRecord> found;
  for (const auto& stored : audit_) {
    if (!query.user.empty() && stored.event.user != query.user) continue;
    if (!query.newest && stored.sequence <= query.after) continue;
    if (query.newest && query.before != 0 && stored.sequence >= query.before) continue;
    found.push_back(stored);
  }
  const auto limit = static_cast<std::size_t>(std::max(query.limit, 0));
  if (found.size() > limit) {
    const auto excess = static_cast<std::ptrdiff_t>(found.size() - limit);
    if (query.newest) {
      found.erase(found.begin(), found.begin() + excess);
    } else {
      found.erase(found.end() - excess, found.end());
    }
  }
  return found;
}

Result<AuditVerification> MemoryStore::verify() {
  const std::scoped_lock lock(mutex_);
  AuditVerification verification;
  auto previous = floor_;
  for (const auto& stored : audit_) {
    if (stored.mac != chained(previous, stored.sequence, stored.event)) {
      verification.finding = "record " + std::to_string(stored.sequence) + " was changed";
      return verification;
    }
    previous = stored.mac;
    ++verification.records;
  }
  return verification;
}

Result<AuditReview> MemoryStore::review_on(AuditReview review) {
  auto verification = verify();
  if (!verification) return verification.error();
  review.result = *std::move(verification);
  review.state = AuditReview::State::Ended;
  return review;
}

}  // namespace twinlock
