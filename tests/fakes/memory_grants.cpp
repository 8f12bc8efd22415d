// SPDX-License-Identifier: MIT
#include <algorithm>

#include "tests/fakes/memory_store.h"

namespace twinlock {

Result<GrantOutcome> MemoryStore::grant(const Grant& grant) {
  const std::scoped_lock lock(mutex_);
  if (!grant.conversation.account) return Error{ErrorCode::Internal, "a grant to nobody"};
  const auto& account = *grant.conversation.account;
  const OwnerKey owner{account.name, account.uid};

  // Everything is looked at before anything is written: there is nothing to roll back to.
  auto* conversation = grantable(grant.conversation.id, grant.expected);
  if (conversation == nullptr) return GrantOutcome::ConversationMoved;

  const auto* otp = std::get_if<OtpUse>(&grant.use);
  const auto* code = std::get_if<RecoveryCodeUse>(&grant.use);
  auto* used = usable(otp != nullptr ? otp->method : code->method, account);
  if (used == nullptr) return GrantOutcome::Spent;
  if (otp != nullptr && (!used->credential || used->credential->last_used >= otp->factor)) {
    return GrantOutcome::Spent;
  }
  if (code != nullptr &&
      (used->codes_key != code->digest.key || !used->codes.contains(code->digest.bytes))) {
    return GrantOutcome::Spent;
  }
  for (const auto& change : grant.attempts) {
    if (version_of({owner, change.budget, change.place}) != change.next.version) {
      return GrantOutcome::AttemptsMoved;
    }
  }

  *conversation = grant.conversation;
  if (otp != nullptr) used->credential->last_used = otp->factor;
  if (code != nullptr) used->codes.erase(code->digest.bytes);
  const auto when = grant.conversation.touched.wall;
  used->method.last_used = when;
  for (const auto& change : grant.attempts) {
    write_attempts({owner, change.budget, change.place}, change.next);
  }
  if (grant.place) remember_place(owner, *grant.place, when);
  record(grant.event);
  return GrantOutcome::Granted;
}

void MemoryStore::remember_place(const OwnerKey& owner, const PlaceDigest& place, WallTime when) {
  auto& known = places_[owner];
  known[place] = when;
  if (known.size() <= static_cast<std::size_t>(kKnownPlaces)) return;
  const auto oldest = std::min_element(
      known.begin(), known.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  attempts_.erase({owner, Budget::Place, oldest->first});
  known.erase(oldest);
}

}  // namespace twinlock
