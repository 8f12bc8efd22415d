// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_FAKES_FAILING_PORTS_H
#define TWINLOCK_TESTS_FAKES_FAILING_PORTS_H

#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "daemon/ports/account_directory.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/key_ring.h"
#include "daemon/ports/store.h"

namespace twinlock {

enum class Fault {
  Error,      // the call does nothing and returns Unavailable (keys(): an empty ring)
  BadAlloc,   // the call does nothing and throws std::bad_alloc
  LostReply,  // the call has its effect, and Unavailable is returned all the same
};

// Which call to which port goes wrong: one, the n-th of all or the next of a name. Any thread.
class FaultPlan {
 public:
  // The call number `call`, counted from 0 and from now on.
  void fail_call(int call, Fault fault);
  // The next call of the port's function `name`.
  void fail_next(std::string_view name, Fault fault);
  void repair();

  [[nodiscard]] bool has_failed();
  [[nodiscard]] std::string failed_call();  // its name

  // Notes the names of all calls from now on; calls() takes them.
  void note_calls();
  [[nodiscard]] std::vector<std::string> calls();

  template <typename Call>
  auto run(std::string_view name, const Call& call) -> decltype(call()) {
    using Outcome = decltype(call());
    if (!is_due(name)) return call();
    if (fault_ == Fault::BadAlloc) throw std::bad_alloc();
    if (fault_ == Fault::LostReply) static_cast<void>(call());
    if constexpr (std::is_constructible_v<Outcome, Error>) {
      return Outcome(Error{ErrorCode::Unavailable, "injected fault in " + std::string(name)});
    } else {
      return Outcome();
    }
  }

 private:
  bool is_due(std::string_view name);

  std::mutex mutex_;
  Fault fault_ = Fault::Error;
  int countdown_ = -1;  // calls until the one that fails; below zero: none by number
  std::string next_;    // empty: none by name
  std::string failed_;
  bool notes_calls_ = false;
  std::vector<std::string> calls_;
};

class FailingStore final : public Store {
 public:
  FailingStore(Store& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}

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
  bool is_on_duty() override { return inner_.is_on_duty(); }

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
  Store& inner_;
  FaultPlan& plan_;
};

class FailingDirectory final : public AccountDirectory {
 public:
  FailingDirectory(AccountDirectory& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
  Result<std::optional<Account>> find(std::string_view name) override;
  Result<std::optional<Account>> find_uid(Uid uid) override;
  Result<std::vector<std::string>> groups(const Account& account) override;

 private:
  AccountDirectory& inner_;
  FaultPlan& plan_;
};

class FailingKeyRing final : public KeyRing {
 public:
  FailingKeyRing(KeyRing& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
  Result<std::vector<std::uint8_t>> seal(std::string_view purpose,
                                         std::span<const std::uint8_t> plain,
                                         std::span<const std::uint8_t> binding) override;
  Result<Secret> open(std::string_view purpose,
                      std::span<const std::uint8_t> sealed,
                      std::span<const std::uint8_t> binding) override;
  Result<KeyId> key_of(std::span<const std::uint8_t> sealed) override;
  Result<KeyedDigest> digest(std::string_view purpose, std::span<const std::uint8_t> data) override;
  Result<KeyedDigest> digest_with(KeyId key,
                                  std::string_view purpose,
                                  std::span<const std::uint8_t> data) override;
  std::vector<KeyId> keys() override;

 private:
  KeyRing& inner_;
  FaultPlan& plan_;
};

class FailingClock final : public Clock {
 public:
  FailingClock(Clock& inner, FaultPlan& plan) : inner_(inner), plan_(plan) {}
  Result<Instant> now() override;

 private:
  Clock& inner_;
  FaultPlan& plan_;
};

// Every port of a login that can fail, around ports that don't, with one plan.
struct FailingPorts {
  FailingPorts(Store& inner_store,
               AccountDirectory& inner_directory,
               KeyRing& inner_keys,
               Clock& inner_clock)
      : store(inner_store, plan),
        directory(inner_directory, plan),
        keys(inner_keys, plan),
        clock(inner_clock, plan) {}

  FaultPlan plan;
  FailingStore store;
  FailingDirectory directory;
  FailingKeyRing keys;
  FailingClock clock;
};

}  // namespace twinlock

#endif
