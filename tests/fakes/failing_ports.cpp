// SPDX-License-Identifier: MIT
#include "tests/fakes/failing_ports.h"

#include <utility>

namespace twinlock {

void FaultPlan::fail_call(int call, Fault fault) {
  const std::scoped_lock lock(mutex_);
  countdown_ = call;
  next_.clear();
  failed_.clear();
  fault_ = fault;
}

void FaultPlan::fail_next(std::string_view name, Fault fault) {
  const std::scoped_lock lock(mutex_);
  countdown_ = -1;
  next_ = name;
  failed_.clear();
  fault_ = fault;
}

void FaultPlan::repair() {
  const std::scoped_lock lock(mutex_);
  countdown_ = -1;
  next_.clear();
}

bool FaultPlan::has_failed() {
  const std::scoped_lock lock(mutex_);
  return !failed_.empty();
}

std::string FaultPlan::failed_call() {
  const std::scoped_lock lock(mutex_);
  return failed_;
}

void FaultPlan::note_calls() {
  const std::scoped_lock lock(mutex_);
  notes_calls_ = true;
  calls_.clear();
}

std::vector<std::string> FaultPlan::calls() {
  const std::scoped_lock lock(mutex_);
  notes_calls_ = false;
  return std::exchange(calls_, {});
}

bool FaultPlan::is_due(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  if (notes_calls_) calls_.emplace_back(name);
  const bool by_number = countdown_ >= 0 && countdown_-- == 0;
  const bool by_name = !next_.empty() && next_ == name;
  if (!by_number && !by_name) return false;
  next_.clear();
  failed_ = name;
  return true;
}

Result<OpenedConversation> FailingStore::open_conversation(const Conversation& conversation,
                                                           const ConversationLimits& limits) {
  return plan_.run("open_conversation",
                   [&] { return inner_.open_conversation(conversation, limits); });
}

Result<std::optional<Conversation>> FailingStore::conversation(const ConversationId& id) {
  return plan_.run("conversation", [&] { return inner_.conversation(id); });
}

Result<std::vector<Conversation>> FailingStore::asking_since_before(WallTime before, int limit) {
  return plan_.run("asking_since_before",
                   [&] { return inner_.asking_since_before(before, limit); });
}

Result<Claim> FailingStore::advance_conversation(const Conversation& next, const Nonce& expected) {
  return plan_.run("advance_conversation",
                   [&] { return inner_.advance_conversation(next, expected); });
}

Result<std::optional<Docket>> FailingStore::docket(const ConversationId& id,
                                                   const Nonce& expected,
                                                   Budget budget) {
  return plan_.run("docket", [&] { return inner_.docket(id, expected, budget); });
}

Result<std::optional<RecoverySet>> FailingStore::recovery_set(const Account& account) {
  return plan_.run("recovery_set", [&] { return inner_.recovery_set(account); });
}

Result<Attempts> FailingStore::attempts(const Account& account,
                                        Budget budget,
                                        const PlaceDigest& place) {
  return plan_.run("attempts", [&] { return inner_.attempts(account, budget, place); });
}

Result<std::optional<PlaceDigest>> FailingStore::known_place(const Account& account,
                                                             const std::vector<PlaceDigest>& places,
                                                             WallTime since) {
  return plan_.run("known_place", [&] { return inner_.known_place(account, places, since); });
}

Result<AttemptClaim> FailingStore::count_attempt(const Conversation& next,
                                                 const Nonce& expected,
                                                 const Account& account,
                                                 const AttemptChange& change) {
  return plan_.run("count_attempt",
                   [&] { return inner_.count_attempt(next, expected, account, change); });
}

Result<GrantOutcome> FailingStore::grant(const Grant& grant) {
  return plan_.run("grant", [&] { return inner_.grant(grant); });
}

Result<std::vector<AuthenticationMethod>> FailingStore::methods_of(std::string_view name) {
  return plan_.run("methods_of", [&] { return inner_.methods_of(name); });
}

Result<std::optional<OtpMethod>> FailingStore::otp_method(const MethodId& id) {
  return plan_.run("otp_method", [&] { return inner_.otp_method(id); });
}

Result<Addition> FailingStore::add_otp_method(const OtpMethod& method,
                                              const MethodLimits& limits,
                                              const AuditEvent& event) {
  return plan_.run("add_otp_method", [&] { return inner_.add_otp_method(method, limits, event); });
}

Result<Claim> FailingStore::confirm_otp_method(const MethodId& id,
                                               MovingFactor used,
                                               WallTime when,
                                               const AuditEvent& event) {
  return plan_.run("confirm_otp_method",
                   [&] { return inner_.confirm_otp_method(id, used, when, event); });
}

Result<Claim> FailingStore::resynchronize(const MethodId& id,
                                          int offset,
                                          MovingFactor used,
                                          const AuditEvent& event) {
  return plan_.run("resynchronize", [&] { return inner_.resynchronize(id, offset, used, event); });
}

Result<Claim> FailingStore::rename_method(const MethodId& id,
                                          std::string_view name,
                                          const AuditEvent& event) {
  return plan_.run("rename_method", [&] { return inner_.rename_method(id, name, event); });
}

Result<Claim> FailingStore::remove_method(const MethodId& id, const AuditEvent& event) {
  return plan_.run("remove_method", [&] { return inner_.remove_method(id, event); });
}

Result<int> FailingStore::remove_methods_of(std::string_view name, const AuditEvent& event) {
  return plan_.run("remove_methods_of", [&] { return inner_.remove_methods_of(name, event); });
}

Status FailingStore::replace_recovery_codes(const AuthenticationMethod& method,
                                            const std::vector<KeyedDigest>& codes,
                                            const AuditEvent& event) {
  return plan_.run("replace_recovery_codes",
                   [&] { return inner_.replace_recovery_codes(method, codes, event); });
}

Result<std::vector<UserSummary>> FailingStore::users_after(std::string_view after, int limit) {
  return plan_.run("users_after", [&] { return inner_.users_after(after, limit); });
}

Result<int> FailingStore::forget_attempts(std::string_view name, const AuditEvent& event) {
  return plan_.run("forget_attempts", [&] { return inner_.forget_attempts(name, event); });
}

Result<std::vector<Owner>> FailingStore::owners_after(const Account& after, int limit) {
  return plan_.run("owners_after", [&] { return inner_.owners_after(after, limit); });
}

Status FailingStore::note_absence(const Account& account, const std::optional<Absence>& absence) {
  return plan_.run("note_absence", [&] { return inner_.note_absence(account, absence); });
}

Result<int> FailingStore::purge_owner(const Account& account,
                                      WallTime before,
                                      int limit,
                                      const AuditEvent& event) {
  return plan_.run("purge_owner",
                   [&] { return inner_.purge_owner(account, before, limit, event); });
}

Result<RuntimeSettings> FailingStore::settings() {
  return plan_.run("settings", [&] { return inner_.settings(); });
}

Status FailingStore::set_policy(LoginPolicy policy, const AuditEvent& event) {
  return plan_.run("set_policy", [&] { return inner_.set_policy(policy, event); });
}

Status FailingStore::set_factor(Factor factor, bool enabled, const AuditEvent& event) {
  return plan_.run("set_factor", [&] { return inner_.set_factor(factor, enabled, event); });
}

Result<StoredSettingGroup> FailingStore::setting_group(SettingGroup group) {
  return plan_.run("setting_group", [&] { return inner_.setting_group(group); });
}

Result<Claim> FailingStore::replace_setting_group(SettingGroup group,
                                                  const StoredSettingGroup& next,
                                                  const AuditEvent& event) {
  return plan_.run("replace_setting_group",
                   [&] { return inner_.replace_setting_group(group, next, event); });
}

Result<ClientAddition> FailingStore::add_api_client(const ApiClient& client,
                                                    const AuditEvent& event) {
  return plan_.run("add_api_client", [&] { return inner_.add_api_client(client, event); });
}

Result<std::vector<ApiClient>> FailingStore::api_clients() {
  return plan_.run("api_clients", [&] { return inner_.api_clients(); });
}

Result<std::optional<ApiClient>> FailingStore::api_client(std::string_view id) {
  return plan_.run("api_client", [&] { return inner_.api_client(id); });
}

Result<Claim> FailingStore::replace_client_secret(std::string_view id,
                                                  const Sha256Digest& secret,
                                                  const AuditEvent& event) {
  return plan_.run("replace_client_secret",
                   [&] { return inner_.replace_client_secret(id, secret, event); });
}

Result<Claim> FailingStore::remove_api_client(std::string_view id, const AuditEvent& event) {
  return plan_.run("remove_api_client", [&] { return inner_.remove_api_client(id, event); });
}

Result<Claim> FailingStore::add_access_token(const AccessToken& token, const AuditEvent& event) {
  return plan_.run("add_access_token", [&] { return inner_.add_access_token(token, event); });
}

Result<std::optional<FoundToken>> FailingStore::access_token(const Sha256Digest& hash) {
  return plan_.run("access_token", [&] { return inner_.access_token(hash); });
}

Result<Claim> FailingStore::revoke_access_token(const Sha256Digest& hash,
                                                std::string_view client,
                                                const AuditEvent& event) {
  return plan_.run("revoke_access_token",
                   [&] { return inner_.revoke_access_token(hash, client, event); });
}

Result<Claim> FailingStore::claim_assertion(std::string_view client,
                                            const Sha256Digest& digest,
                                            WallTime expires) {
  return plan_.run("claim_assertion",
                   [&] { return inner_.claim_assertion(client, digest, expires); });
}

Result<std::vector<SigningKey>> FailingStore::signing_keys() {
  return plan_.run("signing_keys", [&] { return inner_.signing_keys(); });
}

Result<Claim> FailingStore::add_signing_key(const SigningKey& key,
                                            std::string_view newest,
                                            const AuditEvent& event) {
  return plan_.run("add_signing_key", [&] { return inner_.add_signing_key(key, newest, event); });
}

Result<Claim> FailingStore::remove_signing_key(std::string_view id, const AuditEvent& event) {
  return plan_.run("remove_signing_key", [&] { return inner_.remove_signing_key(id, event); });
}

Result<std::uint64_t> FailingStore::append(const AuditEvent& event) {
  return plan_.run("append", [&] { return inner_.append(event); });
}

Result<std::vector<AuditRecord>> FailingStore::read(const AuditQuery& query) {
  return plan_.run("read", [&] { return inner_.read(query); });
}

Result<AuditVerification> FailingStore::verify() {
  return plan_.run("verify", [&] { return inner_.verify(); });
}

Result<AuditReview> FailingStore::review_on(AuditReview review) {
  return plan_.run("review_on", [&] { return inner_.review_on(std::move(review)); });
}

Result<WallTime> FailingStore::raise_latest_time(WallTime now) {
  return plan_.run("raise_latest_time", [&] { return inner_.raise_latest_time(now); });
}

Result<int> FailingStore::purge(WallTime now, int limit) {
  return plan_.run("purge", [&] { return inner_.purge(now, limit); });
}

Result<int> FailingStore::reseal(int limit) {
  return plan_.run("reseal", [&] { return inner_.reseal(limit); });
}

Result<std::map<KeyId, KeyUse>> FailingStore::key_uses() {
  return plan_.run("key_uses", [&] { return inner_.key_uses(); });
}

Result<AccountSettings> FailingStore::settings_for(const Account& account) {
  return plan_.run("settings_for", [&] { return inner_.settings_for(account); });
}

Result<std::vector<EnrolledMethod>> FailingStore::enrolled_methods(const Account& owner) {
  return plan_.run("enrolled_methods", [&] { return inner_.enrolled_methods(owner); });
}

Result<std::optional<EnrolledMethod>> FailingStore::enrolled_method(const MethodId& id) {
  return plan_.run("enrolled_method", [&] { return inner_.enrolled_method(id); });
}

Result<EnrolledAddition> FailingStore::add_method(const NewMethod& method,
                                                  const EnrolledLimits& limits,
                                                  const AuditEvent& event) {
  return plan_.run("add_method", [&] { return inner_.add_method(method, limits, event); });
}

Status FailingStore::replace_methods(std::string_view name,
                                     const std::vector<NewMethod>& methods,
                                     const std::vector<AuditEvent>& events) {
  return plan_.run("replace_methods",
                   [&] { return inner_.replace_methods(name, methods, events); });
}

Result<Claim> FailingStore::change_method(const MethodId& id,
                                          const EnrolledChange& change,
                                          const AuditEvent& event) {
  return plan_.run("change_method", [&] { return inner_.change_method(id, change, event); });
}

Result<std::int64_t> FailingStore::count_keys() {
  return plan_.run("count_keys", [&] { return inner_.count_keys(); });
}

Result<int> FailingStore::forget_places(std::string_view name, const AuditEvent& event) {
  return plan_.run("forget_places", [&] { return inner_.forget_places(name, event); });
}

Result<std::optional<UserRecord>> FailingStore::user_record(const Account& owner) {
  return plan_.run("user_record", [&] { return inner_.user_record(owner); });
}

Result<std::vector<UserRecord>> FailingStore::user_records_named(std::string_view name) {
  return plan_.run("user_records_named", [&] { return inner_.user_records_named(name); });
}

Result<std::vector<UserRecord>> FailingStore::user_records_with_email(std::string_view address) {
  return plan_.run("user_records_with_email",
                   [&] { return inner_.user_records_with_email(address); });
}

Result<std::vector<UserRecord>> FailingStore::user_records(const RecordPage& page) {
  return plan_.run("user_records", [&] { return inner_.user_records(page); });
}

Result<std::int64_t> FailingStore::count_user_records(std::string_view connection) {
  return plan_.run("count_user_records", [&] { return inner_.count_user_records(connection); });
}

Result<RecordWrite> FailingStore::write_user_record(const UserRecord& next,
                                                    const AuditEvent& event) {
  return plan_.run("write_user_record", [&] { return inner_.write_user_record(next, event); });
}

Result<Claim> FailingStore::remove_user(std::string_view name, const AuditEvent& event) {
  return plan_.run("remove_user", [&] { return inner_.remove_user(name, event); });
}

Result<LoginHistory> FailingStore::login_history(const Account& owner) {
  return plan_.run("login_history", [&] { return inner_.login_history(owner); });
}

Status FailingStore::add_ticket(const Ticket& ticket, const AuditEvent& event) {
  return plan_.run("add_ticket", [&] { return inner_.add_ticket(ticket, event); });
}

Result<std::optional<Ticket>> FailingStore::ticket(const TicketDigest& digest) {
  return plan_.run("ticket", [&] { return inner_.ticket(digest); });
}

Result<Claim> FailingStore::redeem_ticket(const TicketDigest& digest,
                                          WallTime now,
                                          const AuditEvent& event) {
  return plan_.run("redeem_ticket", [&] { return inner_.redeem_ticket(digest, now, event); });
}

Result<std::optional<Account>> FailingDirectory::find(std::string_view name) {
  return plan_.run("find", [&] { return inner_.find(name); });
}

Result<std::optional<Account>> FailingDirectory::find_uid(Uid uid) {
  return plan_.run("find_uid", [&] { return inner_.find_uid(uid); });
}

Result<std::vector<std::string>> FailingDirectory::groups(const Account& account) {
  return plan_.run("groups", [&] { return inner_.groups(account); });
}

Result<std::vector<std::uint8_t>> FailingKeyRing::seal(std::string_view purpose,
                                                       std::span<const std::uint8_t> plain,
                                                       std::span<const std::uint8_t> binding) {
  return plan_.run("seal", [&] { return inner_.seal(purpose, plain, binding); });
}

Result<Secret> FailingKeyRing::open(std::string_view purpose,
                                    std::span<const std::uint8_t> sealed,
                                    std::span<const std::uint8_t> binding) {
  return plan_.run("open", [&] { return inner_.open(purpose, sealed, binding); });
}

Result<KeyId> FailingKeyRing::key_of(std::span<const std::uint8_t> sealed) {
  return plan_.run("key_of", [&] { return inner_.key_of(sealed); });
}

Result<KeyedDigest> FailingKeyRing::digest(std::string_view purpose,
                                           std::span<const std::uint8_t> data) {
  return plan_.run("digest", [&] { return inner_.digest(purpose, data); });
}

Result<KeyedDigest> FailingKeyRing::digest_with(KeyId key,
                                                std::string_view purpose,
                                                std::span<const std::uint8_t> data) {
  return plan_.run("digest_with", [&] { return inner_.digest_with(key, purpose, data); });
}

std::vector<KeyId> FailingKeyRing::keys() {
  return plan_.run("keys", [&] { return inner_.keys(); });
}

Result<Instant> FailingClock::now() {
  return plan_.run("now", [&] { return inner_.now(); });
}

}  // namespace twinlock
