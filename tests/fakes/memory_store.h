// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_FAKES_MEMORY_STORE_H
#define TWINLOCK_TESTS_FAKES_MEMORY_STORE_H

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/domain/limits.h"
#include "daemon/ports/store.h"

namespace twinlock {

// A Store in memory, one mutex around it. Keeps every promise of the port but those about disks:
// nothing survives the end of the process, and nothing is sealed. Any thread.
//
// Split by noun: memory_conversations.cpp, memory_methods.cpp, ….
class MemoryStore final : public Store {
 public:
  explicit MemoryStore(std::chrono::milliseconds audit_lifetime = kAuditLifetime)
      : audit_lifetime_(audit_lifetime) {}

  Result<OpenedConversation> open_conversation(const Conversation& conversation,
                                               const ConversationLimits& limits) override;
  Result<std::optional<Conversation>> conversation(const ConversationId& id) override;
  Result<Claim> advance_conversation(const Conversation& next, const Nonce& expected) override;
  Result<std::vector<Conversation>> asking_since_before(WallTime before, int limit) override;

  Result<std::optional<Docket>> docket(const ConversationId& id,
                                       const Nonce& expected,
                                       Budget budget) override;
  Result<std::optional<RecoverySet>> recovery_set(const Account& account) override;
  Result<Attempts> attempts(const Account& account,
                            Budget budget,
                            const PlaceDigest& place) override;
  Result<std::optional<PlaceDigest>> known_place(const Account& account,
                                                 const std::vector<PlaceDigest>& places,
                                                 WallTime since) override;
  Result<AttemptClaim> count_attempt(const Conversation& next,
                                     const Nonce& expected,
                                     const Account& account,
                                     const AttemptChange& change) override;
  Result<GrantOutcome> grant(const Grant& grant) override;

  Result<std::vector<AuthenticationMethod>> methods_of(std::string_view name) override;
  Result<std::optional<OtpMethod>> otp_method(const MethodId& id) override;
  Result<Addition> add_otp_method(const OtpMethod& method,
                                  const MethodLimits& limits,
                                  const AuditEvent& event) override;
  Result<Claim> confirm_otp_method(const MethodId& id,
                                   MovingFactor used,
                                   WallTime when,
                                   const AuditEvent& event) override;
  Result<Claim> resynchronize(const MethodId& id,
                              int offset,
                              MovingFactor used,
                              const AuditEvent& event) override;
  Result<Claim> rename_method(const MethodId& id,
                              std::string_view name,
                              const AuditEvent& event) override;
  Result<Claim> remove_method(const MethodId& id, const AuditEvent& event) override;
  Result<int> remove_methods_of(std::string_view name, const AuditEvent& event) override;
  Status replace_recovery_codes(const AuthenticationMethod& method,
                                const std::vector<KeyedDigest>& codes,
                                const AuditEvent& event) override;

  Result<std::vector<UserSummary>> users_after(std::string_view after, int limit) override;
  Result<int> forget_attempts(std::string_view name, const AuditEvent& event) override;

  Result<std::vector<Owner>> owners_after(const Account& after, int limit) override;
  Status note_absence(const Account& account, const std::optional<Absence>& absence) override;
  Result<int> purge_owner(const Account& account,
                          WallTime before,
                          int limit,
                          const AuditEvent& event) override;

  Result<RuntimeSettings> settings() override;
  Result<AccountSettings> settings_for(const Account& account) override;
  Status set_policy(LoginPolicy policy, const AuditEvent& event) override;
  Status set_factor(Factor factor, bool enabled, const AuditEvent& event) override;
  Result<StoredSettingGroup> setting_group(SettingGroup group) override;
  Result<Claim> replace_setting_group(SettingGroup group,
                                      const StoredSettingGroup& next,
                                      const AuditEvent& event) override;

  Result<ClientAddition> add_api_client(const ApiClient& client, const AuditEvent& event) override;
  Result<std::vector<ApiClient>> api_clients() override;
  Result<std::optional<ApiClient>> api_client(std::string_view id) override;
  Result<Claim> replace_client_secret(std::string_view id,
                                      const Sha256Digest& secret,
                                      const AuditEvent& event) override;
  Result<Claim> remove_api_client(std::string_view id, const AuditEvent& event) override;
  Result<Claim> add_access_token(const AccessToken& token, const AuditEvent& event) override;
  Result<std::optional<FoundToken>> access_token(const Sha256Digest& hash) override;
  Result<Claim> revoke_access_token(const Sha256Digest& hash,
                                    std::string_view client,
                                    const AuditEvent& event) override;
  Result<Claim> claim_assertion(std::string_view client,
                                const Sha256Digest& digest,
                                WallTime expires) override;
  Result<std::vector<SigningKey>> signing_keys() override;
  Result<Claim> add_signing_key(const SigningKey& key,
                                std::string_view newest,
                                const AuditEvent& event) override;
  Result<Claim> remove_signing_key(std::string_view id, const AuditEvent& event) override;

  Result<std::uint64_t> append(const AuditEvent& event) override;
  Result<std::vector<AuditRecord>> read(const AuditQuery& query) override;
  Result<AuditVerification> verify() override;
  Result<AuditReview> review_on(AuditReview review) override;

  Result<WallTime> raise_latest_time(WallTime now) override;
  Result<int> purge(WallTime now, int limit) override;
  Result<int> reseal(int limit) override;
  Result<std::map<KeyId, KeyUse>> key_uses() override;
  bool is_on_duty() override { return true; }

  Result<std::vector<EnrolledMethod>> enrolled_methods(const Account& owner) override;
  Result<std::optional<EnrolledMethod>> enrolled_method(const MethodId& id) override;
  Result<EnrolledAddition> add_method(const NewMethod& method,
                                      const EnrolledLimits& limits,
                                      const AuditEvent& event) override;
  Status replace_methods(std::string_view name,
                         const std::vector<NewMethod>& methods,
                         const std::vector<AuditEvent>& events) override;
  Result<Claim> change_method(const MethodId& id,
                              const EnrolledChange& change,
                              const AuditEvent& event) override;
  Result<std::int64_t> count_keys() override;
  Result<int> forget_places(std::string_view name, const AuditEvent& event) override;

  Result<std::optional<UserRecord>> user_record(const Account& owner) override;
  Result<std::vector<UserRecord>> user_records_named(std::string_view name) override;
  Result<std::vector<UserRecord>> user_records_with_email(std::string_view address) override;
  Result<std::vector<UserRecord>> user_records(const RecordPage& page) override;
  Result<std::int64_t> count_user_records(std::string_view connection) override;
  Result<RecordWrite> write_user_record(const UserRecord& next, const AuditEvent& event) override;
  Result<Claim> remove_user(std::string_view name, const AuditEvent& event) override;
  Result<LoginHistory> login_history(const Account& owner) override;

  Status add_ticket(const Ticket& ticket, const AuditEvent& event) override;
  Result<std::optional<Ticket>> ticket(const TicketDigest& digest) override;
  Result<Claim> redeem_ticket(const TicketDigest& digest,
                              WallTime now,
                              const AuditEvent& event) override;

 private:
  using OwnerKey = std::pair<std::string, Uid>;
  using Digest = std::array<std::uint8_t, 32>;

  struct StoredMethod {
    AuthenticationMethod method;
    std::optional<OtpCredential> credential;  // of TOTP and HOTP
    KeyId codes_key = 0;
    std::set<Digest> codes;  // of recovery codes
    MethodData data;
  };
  struct AttemptsKey {
    OwnerKey owner;
    Budget budget;
    PlaceDigest place;
    // NOLINTNEXTLINE(modernize-use-nullptr): version 14 takes the 0 of a comparison for a pointer
    auto operator<=>(const AttemptsKey&) const = default;
  };

  [[nodiscard]] static OtpCredential copy_of(const OtpCredential& credential);

  // All of these are called with the mutex held.
  [[nodiscard]] Standing standing_of(const Account& account, Budget budget) const;
  [[nodiscard]] std::vector<OtpCredential> credentials_of(const Account& account) const;
  [[nodiscard]] std::optional<RecoverySet> recovery_set_of(const Account& account) const;
  [[nodiscard]] Attempts attempts_at(const AttemptsKey& key) const;
  [[nodiscard]] RuntimeSettings present_settings() const;
  Conversation* at_nonce(const ConversationId& id, const Nonce& expected);
  Conversation* grantable(const ConversationId& id, const Nonce& expected);
  Conversation* asking(const ConversationId& id, const Nonce& expected);
  [[nodiscard]] int begun_within_an_hour(const Conversation& conversation) const;
  std::vector<Conversation> supersede_older(const Conversation& newest, int live);
  [[nodiscard]] std::int64_t version_of(const AttemptsKey& key) const;
  void write_attempts(const AttemptsKey& key, const Attempts& next);
  int clear_attempts(std::string_view name);  // how many had something in them
  void end_conversations(std::string_view name);
  void end_tickets(std::string_view name);
  int remove_all_of(std::string_view name);  // how many methods
  void note_owner(const Account& owner, WallTime when);
  void store_method(const NewMethod& method);
  [[nodiscard]] bool has_same(const NewMethod& method) const;
  [[nodiscard]] bool is_taken(const UserRecord& record) const;
  void remember_place(const OwnerKey& owner, const PlaceDigest& place, WallTime when);
  int delete_rows(const OwnerKey& owner, int limit);  // how many
  [[nodiscard]] std::optional<WallTime> last_use_of(const OwnerKey& owner) const;
  StoredMethod* usable(const MethodId& id, const Account& account);
  std::uint64_t record(const AuditEvent& event);
  void raise(WallTime now);
  void end_tokens(std::string_view client);

  std::mutex mutex_;
  std::chrono::milliseconds audit_lifetime_;
  std::deque<Conversation> conversations_;  // in the order in which they were opened
  std::map<MethodId, StoredMethod> methods_;
  std::map<AttemptsKey, Attempts> attempts_;
  std::map<OwnerKey, std::map<PlaceDigest, WallTime>> places_;
  std::map<OwnerKey, Absence> absences_;
  std::map<OwnerKey, UserRecord> records_;
  std::map<TicketDigest, Ticket> tickets_;
  LoginPolicy policy_ = LoginPolicy::None;
  std::set<Factor> factors_;
  std::map<SettingGroup, StoredSettingGroup> setting_groups_;
  std::map<std::string, ApiClient, std::less<>> clients_;  // by id
  std::map<Sha256Digest, AccessToken> tokens_;
  std::map<std::pair<std::string, Sha256Digest>, WallTime>
      assertions_;  // when they may be forgotten
  std::vector<SigningKey> signing_keys_;
  std::deque<AuditRecord> audit_;
  std::uint64_t sequence_ = 0;
  MacBytes head_{};
  MacBytes floor_{};  // of the record before the oldest kept one
  std::optional<WallTime> latest_time_;
};

}  // namespace twinlock

#endif
