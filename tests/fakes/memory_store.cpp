// SPDX-License-Identifier: MIT
#include "tests/fakes/memory_store.h"

#include <algorithm>
#include <utility>

namespace twinlock {
namespace {

bool counts_against_the_hour(Phase phase) {
  return phase != Phase::Granted && phase != Phase::Exempt;
}

OtpCredential copy_of(const OtpCredential& credential) {
  return {.id = credential.id,
          .type = credential.type,
          .parameters = credential.parameters,
          .seed = credential.seed.copy(),
          .last_used = credential.last_used,
          .offset = credential.offset};
}

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

Result<OpenedConversation> MemoryStore::open_conversation(const Conversation& conversation,
                                                          const ConversationLimits& limits) {
  const std::scoped_lock lock(mutex_);
  using Outcome = OpenedConversation::Outcome;
  for (const auto& stored : conversations_) {
    if (stored.id == conversation.id) return OpenedConversation{Outcome::Repeated, stored};
  }
  if (begun_within_an_hour(conversation) >= limits.per_hour) {
    return OpenedConversation{Outcome::TooMany, conversation};
  }
  conversations_.push_back(conversation);
  if (conversation.phase == Phase::Asking) supersede_older(conversation, limits.live);
  return OpenedConversation{Outcome::Opened, conversation};
}

int MemoryStore::begun_within_an_hour(const Conversation& conversation) const {
  const auto since = conversation.started.wall - 1h;
  return static_cast<int>(std::count_if(
      conversations_.begin(), conversations_.end(), [&conversation, since](const auto& stored) {
        return stored.subject == conversation.subject && stored.started.wall > since &&
               counts_against_the_hour(stored.phase);
      }));
}

void MemoryStore::supersede_older(const Conversation& newest, int live) {
  int seen = 0;
  std::for_each(conversations_.rbegin(), conversations_.rend(), [&](Conversation& stored) {
    if (stored.subject != newest.subject || stored.phase != Phase::Asking) return;
    if (++seen <= live || stored.id == newest.id) return;
    stored.phase = Phase::Denied;
    stored.reason = Reason::Superseded;
  });
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

Result<Claim> MemoryStore::advance_conversation(const Conversation& next, const Nonce& expected) {
  const std::scoped_lock lock(mutex_);
  auto* stored = asking(next.id, expected);
  if (stored == nullptr) return Claim::Lost;
  *stored = next;
  return Claim::Won;
}

Result<std::optional<Docket>> MemoryStore::docket(const ConversationId& id,
                                                  const Nonce& expected,
                                                  Budget budget) {
  const std::scoped_lock lock(mutex_);
  for (const auto& stored : conversations_) {
    if (stored.id != id) continue;
    Docket docket{.conversation = stored, .standing = std::nullopt};
    if (stored.phase == Phase::Asking && stored.nonce == expected && stored.account) {
      docket.standing = standing_of(*stored.account, budget);
    }
    return std::optional(std::move(docket));
  }
  return std::optional<Docket>();
}

Standing MemoryStore::standing_of(const Account& account, Budget budget) const {
  Standing standing{.settings = present_settings(),
                    .attempts = attempts_at({{account.name, account.uid}, budget, {}}),
                    .otp = {},
                    .latest_time = std::nullopt,
                    .recovery = std::nullopt};
  if (budget == Budget::RecoveryCode) {
    standing.recovery = recovery_set_of(account);
  } else {
    standing.otp = credentials_of(account);
    standing.latest_time = latest_time_;
  }
  return standing;
}

std::vector<OtpCredential> MemoryStore::credentials_of(const Account& account) const {
  std::vector<OtpCredential> found;
  for (const auto& [id, stored] : methods_) {
    if (!stored.credential || !stored.method.confirmed) continue;
    if (stored.method.owner.name != account.name || stored.method.owner.uid != account.uid)
      continue;
    found.push_back(copy_of(*stored.credential));
  }
  return found;
}

Result<std::optional<RecoverySet>> MemoryStore::recovery_set(const Account& account) {
  const std::scoped_lock lock(mutex_);
  return recovery_set_of(account);
}

std::optional<RecoverySet> MemoryStore::recovery_set_of(const Account& account) const {
  for (const auto& [id, stored] : methods_) {
    if (stored.method.type != MethodType::RecoveryCode || !stored.method.confirmed) continue;
    if (stored.method.owner.name != account.name || stored.method.owner.uid != account.uid)
      continue;
    return RecoverySet{id, stored.codes_key, static_cast<int>(stored.codes.size())};
  }
  return std::nullopt;
}

Result<Attempts> MemoryStore::attempts(const Account& account,
                                       Budget budget,
                                       const PlaceDigest& place) {
  const std::scoped_lock lock(mutex_);
  return attempts_at({{account.name, account.uid}, budget, place});
}

Attempts MemoryStore::attempts_at(const AttemptsKey& key) const {
  const auto found = attempts_.find(key);
  return found == attempts_.end() ? Attempts{} : found->second;
}

Result<std::optional<PlaceDigest>> MemoryStore::known_place(const Account& account,
                                                            const std::vector<PlaceDigest>& places,
                                                            WallTime since) {
  const std::scoped_lock lock(mutex_);
  const auto known = places_.find({account.name, account.uid});
  if (known == places_.end()) return std::optional<PlaceDigest>();
  for (const auto& place : places) {
    const auto found = known->second.find(place);
    if (found != known->second.end() && found->second >= since) return std::optional(place);
  }
  return std::optional<PlaceDigest>();
}

std::int64_t MemoryStore::version_of(const AttemptsKey& key) const {
  const auto found = attempts_.find(key);
  return found == attempts_.end() ? 0 : found->second.version;
}

void MemoryStore::write_attempts(const AttemptsKey& key, const Attempts& next) {
  auto& stored = attempts_[key];
  stored = next;
  ++stored.version;
}

Result<AttemptClaim> MemoryStore::count_attempt(const Conversation& next,
                                                const Nonce& expected,
                                                const Account& account,
                                                const AttemptChange& change) {
  const std::scoped_lock lock(mutex_);
  auto* stored = asking(next.id, expected);
  if (stored == nullptr) return AttemptClaim::ConversationMoved;
  const AttemptsKey key{{account.name, account.uid}, change.budget, change.place};
  if (version_of(key) != change.next.version) return AttemptClaim::AttemptsMoved;
  *stored = next;
  write_attempts(key, change.next);
  return AttemptClaim::Counted;
}

MemoryStore::StoredMethod* MemoryStore::usable(const MethodId& id, const Account& account) {
  const auto found = methods_.find(id);
  if (found == methods_.end()) return nullptr;
  const auto& method = found->second.method;
  const bool owned = method.owner.name == account.name && method.owner.uid == account.uid;
  return owned && method.confirmed ? &found->second : nullptr;
}

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

Result<std::vector<AuthenticationMethod>> MemoryStore::methods_of(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  std::vector<AuthenticationMethod> found;
  for (const auto& [id, stored] : methods_) {
    if (stored.method.owner.name == name) found.push_back(stored.method);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::pair(a.created, a.id) < std::pair(b.created, b.id);
  });
  return found;
}

Result<std::optional<OtpMethod>> MemoryStore::otp_method(const MethodId& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end() || !found->second.credential) return std::optional<OtpMethod>();
  return std::optional(OtpMethod{found->second.method, copy_of(*found->second.credential)});
}

Result<Addition> MemoryStore::add_otp_method(const OtpMethod& method,
                                             const MethodLimits& limits,
                                             const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (methods_.contains(method.method.id)) return Error{ErrorCode::Conflict, "method id taken"};
  std::size_t of_type = 0;
  std::size_t unconfirmed = 0;
  for (const auto& [id, stored] : methods_) {
    const auto& owner = stored.method.owner;
    if (owner.name != method.method.owner.name || owner.uid != method.method.owner.uid) continue;
    if (stored.method.type == method.method.type) ++of_type;
    if (!stored.method.confirmed) ++unconfirmed;
  }
  if (of_type >= limits.of_type) return Addition::TooMany;
  if (!method.method.confirmed && unconfirmed >= limits.unconfirmed) return Addition::TooMany;
  StoredMethod stored{
      .method = method.method, .credential = copy_of(method.credential), .codes = {}};
  methods_.emplace(method.method.id, std::move(stored));
  record(event);
  return Addition::Added;
}

Result<Claim> MemoryStore::confirm_otp_method(const MethodId& id,
                                              MovingFactor used,
                                              WallTime when,
                                              const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end() || !found->second.credential || found->second.method.confirmed) {
    return Claim::Lost;
  }
  found->second.method.confirmed = when;
  auto& last_used = found->second.credential->last_used;
  last_used = std::max(last_used, used);
  record(event);
  return Claim::Won;
}

Result<Claim> MemoryStore::resynchronize(const MethodId& id,
                                         int offset,
                                         MovingFactor used,
                                         const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end() || !found->second.method.confirmed) return Claim::Lost;
  auto& credential = found->second.credential;
  if (!credential || credential->last_used >= used) return Claim::Lost;
  credential->offset = offset;
  credential->last_used = used;
  record(event);
  return Claim::Won;
}

Result<Claim> MemoryStore::rename_method(const MethodId& id,
                                         std::string_view name,
                                         const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end()) return Claim::Lost;
  found->second.method.name = name;
  record(event);
  return Claim::Won;
}

void MemoryStore::end_conversations(std::string_view name) {
  std::erase_if(conversations_, [name](const Conversation& conversation) {
    return conversation.account && conversation.account->name == name;
  });
}

Result<Claim> MemoryStore::remove_method(const MethodId& id, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto found = methods_.find(id);
  if (found == methods_.end()) return Claim::Lost;
  end_conversations(found->second.method.owner.name);
  methods_.erase(found);
  record(event);
  return Claim::Won;
}

Result<int> MemoryStore::remove_methods_of(std::string_view name, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  const auto removed = std::erase_if(
      methods_, [name](const auto& entry) { return entry.second.method.owner.name == name; });
  std::erase_if(places_, [name](const auto& entry) { return entry.first.first == name; });
  clear_attempts(name);
  end_conversations(name);
  record(event);
  return static_cast<int>(removed);
}

Status MemoryStore::replace_recovery_codes(const AuthenticationMethod& method,
                                           const std::vector<KeyedDigest>& codes,
                                           const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (codes.empty()) return Error{ErrorCode::InvalidInput, "a set without recovery codes"};
  if (methods_.contains(method.id)) return Error{ErrorCode::Conflict, "method id taken"};
  StoredMethod stored{
      .method = method, .credential = {}, .codes_key = codes.front().key, .codes = {}};
  for (const auto& code : codes) {
    if (code.key != stored.codes_key) {
      return Error{ErrorCode::InvalidInput, "recovery codes of one set under different keys"};
    }
    stored.codes.insert(code.bytes);
  }
  std::erase_if(methods_, [&method](const auto& entry) {
    const auto& other = entry.second.method;
    return other.type == MethodType::RecoveryCode && other.owner.name == method.owner.name &&
           other.owner.uid == method.owner.uid;
  });
  methods_.emplace(method.id, std::move(stored));
  record(event);
  return Done{};
}

Result<std::vector<UserSummary>> MemoryStore::users_after(std::string_view after, int limit) {
  const std::scoped_lock lock(mutex_);
  std::map<OwnerKey, int> confirmed;
  for (const auto& [id, stored] : methods_) {
    if (stored.method.owner.name <= after) continue;
    confirmed[{stored.method.owner.name, stored.method.owner.uid}] +=
        stored.method.confirmed ? 1 : 0;
  }
  std::vector<UserSummary> users;
  for (const auto& [owner, methods] : confirmed) {
    // Accounts of one name stay on one page: the next one starts after the name.
    const bool full = users.size() >= static_cast<std::size_t>(std::max(limit, 0));
    if (full && (users.empty() || users.back().account.name != owner.first)) break;
    const auto found = attempts_.find({owner, Budget::ShortCode, {}});
    users.push_back({.account = {owner.first, owner.second},
                     .confirmed_methods = methods,
                     .short_code = found == attempts_.end() ? Attempts{} : found->second});
  }
  return users;
}

void MemoryStore::clear_attempts(std::string_view name) {
  // The version goes on: a login that read the old failures must not write them back.
  for (auto& [key, stored] : attempts_) {
    if (key.owner.first == name) stored = Attempts{.version = stored.version + 1, .failures = {}};
  }
}

Status MemoryStore::forget_attempts(std::string_view name, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  clear_attempts(name);
  std::erase_if(conversations_, [name](const Conversation& conversation) {
    return conversation.account && conversation.account->name == name &&
           conversation.phase != Phase::Asking && conversation.phase != Phase::Granted &&
           conversation.phase != Phase::Exempt;
  });
  record(event);
  return Done{};
}

Result<RuntimeSettings> MemoryStore::settings() {
  const std::scoped_lock lock(mutex_);
  return present_settings();
}

RuntimeSettings MemoryStore::present_settings() const {
  return {.policy = policy_, .enabled = {factors_.begin(), factors_.end()}};
}

Status MemoryStore::set_policy(LoginPolicy policy, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  policy_ = policy;
  record(event);
  return Done{};
}

Status MemoryStore::set_factor(Factor factor, bool enabled, const AuditEvent& event) {
  const std::scoped_lock lock(mutex_);
  if (enabled) {
    factors_.insert(factor);
  } else {
    factors_.erase(factor);
  }
  record(event);
  return Done{};
}

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

void MemoryStore::raise(WallTime now) {
  if (!latest_time_ || *latest_time_ < now) latest_time_ = now;
}

Status MemoryStore::raise_latest_time(WallTime now) {
  const std::scoped_lock lock(mutex_);
  raise(now);
  return Done{};
}

Result<int> MemoryStore::purge(WallTime now, int limit) {
  const std::scoped_lock lock(mutex_);
  int deleted = 0;
  for (auto it = conversations_.begin(); it != conversations_.end() && deleted < limit;) {
    const bool old = it->started.wall < now - 1h;
    it = old ? conversations_.erase(it) : std::next(it);
    deleted += old ? 1 : 0;
  }
  for (auto it = methods_.begin(); it != methods_.end() && deleted < limit;) {
    const auto& method = it->second.method;
    const bool old = !method.confirmed && method.created < now - kUnconfirmedLifetime;
    it = old ? methods_.erase(it) : std::next(it);
    deleted += old ? 1 : 0;
  }
  while (!audit_.empty() && deleted < limit && audit_.front().event.time < now - audit_lifetime_) {
    floor_ = audit_.front().mac;
    audit_.pop_front();
    ++deleted;
  }
  return deleted;
}

Result<int> MemoryStore::reseal(int) { return 0; }

}  // namespace twinlock
