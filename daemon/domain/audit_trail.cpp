// SPDX-License-Identifier: MIT
#include "daemon/domain/audit_trail.h"

#include <algorithm>
#include <span>
#include <utility>

#include "common/encoding.h"

namespace twinlock {
namespace {

constexpr int kIdenticalPerMinute = 20;  // S128
constexpr std::size_t kFloodsRemembered = 1024;
constexpr std::chrono::minutes kMinute{1};

// What others can bring about as often as they like.
bool may_be_summarized(const AuditEvent& event) {
  return event.type == AuditEventType::ApiRefused || event.type == AuditEventType::LoginDenied ||
         event.type == AuditEventType::TokenRefused || event.type == AuditEventType::RateLimited;
}

// What a client of the API was refused, up to what it sent: "PUT /api/v2/… 403".
std::string_view request_in(const AuditEvent& event) {
  if (event.type != AuditEventType::ApiRefused || event.actor.empty()) return {};
  const std::string_view detail = event.detail;
  return detail.substr(0, detail.find(" {"));
}

std::string key_of(const AuditEvent& event) {
  const std::string request(request_in(event));
  return event.actor + '\n' + request + '\n' + std::to_string(static_cast<int>(event.type)) + '\n' +
         std::to_string(static_cast<int>(event.reason)) + '\n' + event.user + '\n' + event.source;
}

AuditEvent summary_of(const AuditEvent& last, int left_out) {
  AuditEvent summary = last;
  summary.type = AuditEventType::Suppressed;
  summary.conversation.clear();
  summary.detail = std::to_string(left_out) + " more " + std::string(audit_event_name(last.type)) +
                   " within a minute";
  return summary;
}

}  // namespace

AuditTrail::AuditTrail(AuditStore& store, KeyRing& keys, EventLog& log)
    : store_(store), keys_(keys), log_(log) {}

Result<NameDigest> AuditTrail::name_digest(std::string_view typed) {
  const auto digest = keys_.digest("log-name", bytes_of(typed));
  if (!digest) return digest.error();
  NameDigest name;
  std::copy_n(digest->bytes.begin(), name.size(), name.begin());
  return name;
}

AuditEvent AuditTrail::event_of(const Conversation& conversation,
                                AuditEventType type,
                                Reason reason,
                                WallTime now) {
  AuditEvent event{};
  event.time = now;
  event.type = type;
  event.reason = reason;
  event.service = conversation.service;
  event.source = conversation.source;
  event.conversation = hex_encode(conversation.id);
  if (conversation.account) {
    event.user = conversation.account->name;
    event.uid = conversation.account->uid;
    return event;
  }
  event.user = "unknown";
  // Without a subject nobody knows yet whether the name is somebody's.
  if (conversation.subject != SubjectDigest{}) {
    event.detail = "name " + hex_encode(std::span(conversation.subject).first(sizeof(NameDigest)));
  }
  return event;
}

std::vector<AuditEvent> AuditTrail::settle(WallTime now) {
  const std::scoped_lock lock(mutex_);
  const bool crowded = floods_.size() >= kFloodsRemembered;
  std::vector<AuditEvent> summaries;
  for (auto it = floods_.begin(); it != floods_.end();) {
    const auto& [minute, count, last] = it->second;
    // Either way: a clock set back must not silence anything until it is there again (S136).
    if (!crowded && std::chrono::abs(now - minute) < kMinute) {
      ++it;
      continue;
    }
    if (count > kIdenticalPerMinute) {
      summaries.push_back(summary_of(last, count - kIdenticalPerMinute));
    }
    it = floods_.erase(it);
  }
  return summaries;
}

AuditTrail::Worth AuditTrail::weigh(const AuditEvent& event) {
  if (!may_be_summarized(event)) return Worth::Writing;
  const std::scoped_lock lock(mutex_);
  auto& flood = floods_.try_emplace(key_of(event), Flood{event.time, 0, event}).first->second;
  flood.last = event;
  return ++flood.count > kIdenticalPerMinute ? Worth::Counting : Worth::Writing;
}

Status AuditTrail::append(const AuditEvent& event) {
  const auto number = store_.append(event);
  if (!number) return number.error();
  log_.record(event);
  return Done{};
}

Status AuditTrail::write(const AuditEvent& event) {
  for (const auto& summary : settle(event.time)) {
    if (auto reported = append(summary); !reported) return reported;
  }
  if (weigh(event) == Worth::Counting) return Done{};
  return append(event);
}

}  // namespace twinlock
