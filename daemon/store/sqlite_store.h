// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_SQLITE_STORE_H
#define TWINLOCK_DAEMON_STORE_SQLITE_STORE_H

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/domain/limits.h"
#include "daemon/ports/store.h"
#include "daemon/store/opening.h"
#include "daemon/store/reader_pool.h"
#include "daemon/store/reserve_file.h"
#include "daemon/store/store_alert.h"
#include "daemon/store/store_health.h"
#include "daemon/store/writer.h"

namespace twinlock {

struct SqliteStoreOptions {
  std::string directory;  // exists, and belongs to the user of the process
  std::vector<Seat> seats{Seat::Bus};
  Creation creation = Creation::Allowed;
  std::chrono::milliseconds audit_lifetime = kAuditLifetime;
  std::chrono::milliseconds deadline{2000};
  std::size_t reserve_size = ReserveFile::kSize;
};

// The store in one SQLite file, for the processes of one host, one to each seat (occupancy.h). What
// it keeps: docs/store-schema.md.
//
// Writes go through one thread (writer.h), reads through connections of their own (reader_pool.h),
// in the caller's thread. Wherever something may happen once, the condition is in the write.
// Nothing that another process may change is kept in memory, but for what the writer looks at
// again.
//
// Split by noun: sqlite_conversations.cpp, sqlite_verifiers.cpp, sqlite_grants.cpp, ….
class SqliteStore final : public Store {
 public:
  // Opens the store, or makes one where there never was one. Every reason to refuse (a seat that is
  // taken, wrong key, newer version, damage, an old copy, a file that is gone) is Unavailable,
  // says what to do, and leaves the files as they are. `keys` outlives the store.
  static Result<std::unique_ptr<SqliteStore>> open(const SqliteStoreOptions& options,
                                                   KeyRing& keys,
                                                   StoreAlertSink alerts);

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
  bool is_on_duty() override { return occupancy_.is_on_duty(); }

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
  SqliteStore(const SqliteStoreOptions& options,
              KeyRing& keys,
              StoreAlertSink alerts,
              OpenedFiles files,
              sqlite::Database checkpointing,
              AuditHead head);
  // Ends the checks of a first start: the schema is brought up to date, the second file made anew.
  static Result<AuditHead> prepare(OpenedFiles& opened, KeyRing& keys);
  // Says to those who look after the key file what we seal under.
  void note_key();
  void tell_what_is_amiss(const std::string& directory);

  // Runs `work`, Result<T>(sqlite::Database&), on a connection that only reads.
  template <typename F>
  auto reading(F work) -> decltype(work(std::declval<sqlite::Database&>())) {
    if (const auto sound = health_.check(); !sound) return sound.error();
    const auto lease = readers_.take();
    if (!lease) return lease.error();
    auto result = work(lease->database());
    if (!result && lease->database().is_failing())
      health_.failed(lease->database(), result.error());
    return result;
  }

  // Runs `work`, Result<T>(WriteScope&), on the writer's thread, which `work` may outlive.
  template <typename T, typename F>
  Result<T> writing(Durability durability, F work) {
    return writer_.call<T>(durability, std::move(work));
  }
  // The same for a change that only happens if its event is recorded with it (S127): `change` is
  // Result<T>(WriteScope&), and undoes itself where it returns a value that is no change.
  template <typename T, typename F>
  Result<T> recorded(const AuditEvent& event, F change) {
    return writing<T>(Durability::Power,
                      [event, change = std::move(change)](WriteScope& scope) -> Result<T> {
                        auto changed = change(scope);
                        if (!changed || scope.is_undone()) return changed;
                        const auto number = scope.record(event);
                        if (!number) return number.error();
                        return changed;
                      });
  }

  // The last thing that is done: leaves the store, and says that the end was in order if it was.
  class ClosingNote {
   public:
    ClosingNote(Occupancy& occupancy, CleanEndNote note, KeyRing& keys, const StoreHealth& health)
        : occupancy_(occupancy), note_(std::move(note)), keys_(keys), health_(health) {}
    ClosingNote(const ClosingNote&) = delete;
    ClosingNote& operator=(const ClosingNote&) = delete;
    ~ClosingNote() {
      if (!health_.check()) return;
      if (occupancy_.is_last_of_all()) note_.write(keys_);
      occupancy_.leave();
    }

   private:
    Occupancy& occupancy_;
    CleanEndNote note_;
    KeyRing& keys_;
    const StoreHealth& health_;
  };

  // The first thing that is done at the end, before anything is closed.
  class Farewell {
   public:
    explicit Farewell(Occupancy& occupancy) : occupancy_(occupancy) {}
    Farewell(const Farewell&) = delete;
    Farewell& operator=(const Farewell&) = delete;
    ~Farewell() { occupancy_.begin_to_leave(); }

   private:
    Occupancy& occupancy_;
  };

  // Where reseal() goes on in a table.
  struct RowKey {
    std::string owner;
    Uid uid = 0;
    std::vector<std::uint8_t> id;
  };
  struct ResealedUpTo {
    RowKey seeds;
    RowKey data;
    RowKey profiles;
  };
  // One part of a table, from where the last call ended; at the end, starts over and returns 0.
  struct Pass {
    Result<int> (SqliteStore::*run)(KeyId current, int limit);
    RowKey* place;
  };
  Result<int> reseal_canary(KeyId current);
  Result<int> reseal_small_tables(KeyId current);
  Result<int> reseal_seeds(KeyId current, int limit);
  Result<int> reseal_method_data(KeyId current, int limit);
  Result<int> reseal_profiles(KeyId current, int limit);

  Occupancy occupancy_;
  KeyRing& keys_;
  const std::chrono::milliseconds audit_lifetime_;
  StoreHealth health_;
  const ClosingNote closing_note_;  // below come the connections, which are closed before it goes
  ReserveFile reserve_;
  Writer writer_;
  ReaderPool readers_;
  std::mutex resealing_;
  ResealedUpTo resealed_;
  const Farewell farewell_{occupancy_};  // last: it goes before the others
};

}  // namespace twinlock

#endif
