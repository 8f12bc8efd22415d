// SPDX-License-Identifier: MIT
#include <algorithm>

#include "tests/fakes/memory_store.h"

namespace twinlock {
namespace {

bool counts_against_the_hour(Phase phase) {
  return phase != Phase::Granted && phase != Phase::Exempt;
}

}  // namespace

Result<OpenedConversation> MemoryStore::open_conversation(const Conversation& conversation,
                                                          const ConversationLimits& limits) {
  const std::scoped_lock lock(mutex_);
  using Outcome = OpenedConversation::Outcome;
  for (const auto& stored : conversations_) {
    if (stored.id == conversation.id) return OpenedConversation{Outcome::Repeated, stored, {}};
  }
  if (begun_within_an_hour(conversation) >= limits.per_hour) {
    return OpenedConversation{Outcome::TooMany, conversation, {}};
  }
  conversations_.push_back(conversation);
  OpenedConversation opened{Outcome::Opened, conversation, {}};
  if (conversation.phase == Phase::Asking) {
    opened.superseded = supersede_older(conversation, limits.live);
  }
  return opened;
}

int MemoryStore::begun_within_an_hour(const Conversation& conversation) const {
  const auto since = conversation.started.wall - 1h;
  return static_cast<int>(std::count_if(
      conversations_.begin(), conversations_.end(), [&conversation, since](const auto& stored) {
        return stored.subject == conversation.subject && stored.started.wall > since &&
               counts_against_the_hour(stored.phase);
      }));
}

std::vector<Conversation> MemoryStore::supersede_older(const Conversation& newest, int live) {
  std::vector<Conversation> superseded;
  int seen = 0;
  std::for_each(conversations_.rbegin(), conversations_.rend(), [&](Conversation& stored) {
    if (stored.subject != newest.subject || stored.phase != Phase::Asking) return;
    if (++seen <= live || stored.id == newest.id) return;
    stored.phase = Phase::Denied;
    stored.reason = Reason::Superseded;
    superseded.push_back(stored);
  });
  return superseded;
}

Result<std::optional<Conversation>> MemoryStore::conversation(const ConversationId& id) {
  const std::scoped_lock lock(mutex_);
  for (const auto& stored : conversations_) {
    if (stored.id == id) return std::optional(stored);
  }
  return std::optional<Conversation>();
}

Conversation* MemoryStore::at_nonce(const ConversationId& id, const Nonce& expected) {
  for (auto& stored : conversations_) {
    if (stored.id == id) return stored.nonce == expected ? &stored : nullptr;
  }
  return nullptr;
}

Conversation* MemoryStore::grantable(const ConversationId& id, const Nonce& expected) {
  auto* stored = at_nonce(id, expected);
  if (stored == nullptr) return nullptr;
  const bool open = stored->phase == Phase::Asking || stored->phase == Phase::Exhausted;
  return open || stored->reason == Reason::Superseded ? stored : nullptr;
}

Conversation* MemoryStore::asking(const ConversationId& id, const Nonce& expected) {
  auto* stored = at_nonce(id, expected);
  return stored != nullptr && stored->phase == Phase::Asking ? stored : nullptr;
}

Result<std::vector<Conversation>> MemoryStore::asking_since_before(WallTime before, int limit) {
  const std::scoped_lock lock(mutex_);
  std::vector<Conversation> found;
  for (const auto& stored : conversations_) {
    if (std::ssize(found) >= limit) break;
    if (stored.phase == Phase::Asking && stored.started.wall < before) found.push_back(stored);
  }
  return found;
}

Result<Claim> MemoryStore::advance_conversation(const Conversation& next, const Nonce& expected) {
  const std::scoped_lock lock(mutex_);
  auto* stored = asking(next.id, expected);
  if (stored == nullptr) return Claim::Lost;
  *stored = next;
  return Claim::Won;
}

}  // namespace twinlock
