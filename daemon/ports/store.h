// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_STORE_H
#define TWINLOCK_DAEMON_PORTS_STORE_H

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/result.h"
#include "daemon/domain/account.h"
#include "daemon/domain/api_client.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/authentication_method.h"
#include "daemon/domain/conversation.h"
#include "daemon/domain/lockout.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/setting_group.h"
#include "daemon/ports/claim.h"
#include "daemon/ports/enrolled_method_store.h"
#include "daemon/ports/key_ring.h"
#include "daemon/ports/ticket_store.h"
#include "daemon/ports/user_record_store.h"

// What the domain keeps. Narrow interfaces by who needs them, and Store, their sum; every
// implementation passes tests/conformance/.
//
// Promises that hold for all of them:
// * Any thread may call; every call ends within two seconds, or is Unavailable. (A disk that hangs
//   may hold the calls that are inside the kernel for as long as it hangs; all others end.)
// * What may happen once is one conditional write: of any number of callers in any number of
//   processes, one wins (S87).
// * A call that takes an AuditEvent writes it in the same transaction as its change, or neither
//   happens (S127).
// * What is returned as done survives the end of the process. Calls marked *durable* also survive a
//   power cut before they return; so does every earlier write (S88, S131).
// * Secrets reach the disk sealed and bound to their row (S114); no text of a seed, of a recovery
//   code or of an answer is ever stored.
namespace twinlock {

// The first 16 bytes of the keyed digest of a source: an IPv4 address or an IPv6 /64.
using PlaceDigest = std::array<std::uint8_t, 16>;

struct ConversationLimits {
  int live;      // asking at the same moment, per subject; the oldest gives way
  int per_hour;  // begun within an hour and not granted, per subject
};

struct OpenedConversation {
  enum class Outcome {
    Opened,
    Repeated,  // a conversation with this id is there already: `stored` is it
    TooMany,   // beyond `per_hour`; nothing was written
  };

  Outcome outcome;
  Conversation stored;
  std::vector<Conversation> superseded;  // by this one, as they ended
};

class ConversationStore {
 public:
  virtual ~ConversationStore() = default;

  // Writes `conversation` unless its id is taken or its subject has begun too many. Older ones of
  // the same subject beyond `limits.live` end as Denied, Superseded.
  virtual Result<OpenedConversation> open_conversation(const Conversation& conversation,
                                                       const ConversationLimits& limits) = 0;
  virtual Result<std::optional<Conversation>> conversation(const ConversationId& id) = 0;

  // Replaces the stored state by `next` if its nonce is still `expected` and it still asks.
  virtual Result<Claim> advance_conversation(const Conversation& next, const Nonce& expected) = 0;

  // At most `limit` of those that still ask and began before `before`, oldest first.
  virtual Result<std::vector<Conversation>> asking_since_before(WallTime before, int limit) = 0;
};

// One write to the failures of one budget: `next` replaces the version `next.version`, and is
// stored as the one after it.
struct AttemptChange {
  Budget budget;
  PlaceDigest place{};  // of Budget::Place; zero otherwise
  Attempts next;
};

enum class AttemptClaim {
  Counted,
  ConversationMoved,  // somebody else answered this conversation
  AttemptsMoved,      // somebody else counted in this budget: look again
};

// What a right answer uses up.
struct OtpUse {
  MethodId method;
  MovingFactor factor;  // becomes the method's last used one, if it is above it
};
struct RecoveryCodeUse {
  MethodId method;
  KeyedDigest digest;  // of the code, with the method's id
};

struct Grant {
  Conversation conversation;  // as it ends
  // The nonce that it must still have. Its own third attempt may have left it Exhausted, and newer
  // conversations may have superseded it: of many logins with one right code, the one that is
  // looked at must not lose to those that wait. One that ended otherwise has moved.
  Nonce expected{};
  std::variant<OtpUse, RecoveryCodeUse> use;
  std::vector<AttemptChange> attempts;
  std::optional<PlaceDigest> place;  // becomes a known place (at most kKnownPlaces, newest kept)
  AuditEvent event;
};

enum class GrantOutcome {
  Granted,
  Spent,  // used already, or there is no such code: nothing was written
  ConversationMoved,
  AttemptsMoved,
};

// A user's set of recovery codes, without the codes.
struct RecoverySet {
  MethodId method;
  KeyId key;  // under which they are digested
  int left;
};

// What an administrator changes at run time.
struct RuntimeSettings {
  LoginPolicy policy = LoginPolicy::None;
  std::vector<Factor> enabled;  // none at first (S151)
};

struct AccountSettings {
  RuntimeSettings settings;
  bool blocked = false;
};

// How an account stands when an answer of one kind is to be judged.
struct Standing {
  RuntimeSettings settings;
  bool blocked = false;  // nobody logs in by this account (U04)
  Attempts attempts;     // of the budget that such an answer draws on first
  std::vector<OtpCredential>
      otp;  // Budget::ShortCode: of this name and uid, confirmed; seeds opened
  std::optional<WallTime> latest_time;  // Budget::ShortCode: that was ever written (S90)
  std::optional<RecoverySet> recovery;  // Budget::RecoveryCode
};

// A conversation, and what its next answer is judged by, all of one moment.
struct Docket {
  Conversation conversation;
  std::optional<Standing> standing;
};

class VerifierStore {
 public:
  virtual ~VerifierStore() = default;

  // Everything that an answer is judged by, in one look: a login waits for it. `budget` is
  // ShortCode or RecoveryCode. The standing is there if the conversation asks, its nonce is
  // `expected` and it is of an account: whoever can't be answered has no seed opened. Nothing if
  // there is no such conversation. What can't be read in whole is an error, never left out.
  virtual Result<std::optional<Docket>> docket(const ConversationId& id,
                                               const Nonce& expected,
                                               Budget budget) = 0;

  // The confirmed set of recovery codes of this name and uid, if there is one.
  virtual Result<std::optional<RecoverySet>> recovery_set(const Account& account) = 0;

  virtual Result<Attempts> attempts(const Account& account,
                                    Budget budget,
                                    const PlaceDigest& place) = 0;
  // Whether this account has completed a login from one of `places` since `since`.
  virtual Result<std::optional<PlaceDigest>> known_place(const Account& account,
                                                         const std::vector<PlaceDigest>& places,
                                                         WallTime since) = 0;

  // Counts an attempt before it is looked at, and moves the conversation to `next`, in which that
  // attempt has failed: what a crash leaves behind is a wrong answer (S88).
  virtual Result<AttemptClaim> count_attempt(const Conversation& next,
                                             const Nonce& expected,
                                             const Account& account,
                                             const AttemptChange& change) = 0;

  // Everything that a right answer means, or nothing of it. Durable.
  virtual Result<GrantOutcome> grant(const Grant& grant) = 0;
};

struct MethodLimits {
  std::size_t of_type;      // methods of this type, for one account
  std::size_t unconfirmed;  // for one account
};

enum class Addition { Added, TooMany };

struct OtpMethod {
  AuthenticationMethod method;
  OtpCredential credential;
};

class MethodStore {
 public:
  virtual ~MethodStore() = default;

  // Every method enrolled under this name, whatever its uid and state, oldest first.
  virtual Result<std::vector<AuthenticationMethod>> methods_of(std::string_view name) = 0;
  virtual Result<std::optional<OtpMethod>> otp_method(const MethodId& id) = 0;

  // All of these are durable. `Lost` means that there was no such method in that state.
  virtual Result<Addition> add_otp_method(const OtpMethod& method,
                                          const MethodLimits& limits,
                                          const AuditEvent& event) = 0;
  // Confirms an unconfirmed method and marks `used` as its last used factor (S87).
  virtual Result<Claim> confirm_otp_method(const MethodId& id,
                                           MovingFactor used,
                                           WallTime when,
                                           const AuditEvent& event) = 0;
  // Stores a new offset (TOTP) and last used factor, which never moves back (S90, S91).
  virtual Result<Claim> resynchronize(const MethodId& id,
                                      int offset,
                                      MovingFactor used,
                                      const AuditEvent& event) = 0;
  virtual Result<Claim> rename_method(const MethodId& id,
                                      std::string_view name,
                                      const AuditEvent& event) = 0;
  // Ends the owner's conversations as well: a proof or a login must not outlive the methods that it
  // was about (S83).
  virtual Result<Claim> remove_method(const MethodId& id, const AuditEvent& event) = 0;
  // Every method under this name, its attempts, places, tickets and conversations; returns how many
  // methods.
  virtual Result<int> remove_methods_of(std::string_view name, const AuditEvent& event) = 0;
  // Stores a confirmed set; the account's older sets end with it (S105).
  virtual Status replace_recovery_codes(const AuthenticationMethod& method,
                                        const std::vector<KeyedDigest>& codes,
                                        const AuditEvent& event) = 0;
};

struct UserSummary {
  Account account;  // as enrolled
  int confirmed_methods;
  Attempts short_code;
  bool blocked = false;  // nobody logs in by this account (U04)
};

class UserStore {
 public:
  virtual ~UserStore() = default;

  // Accounts with at least one method, by name, after `after`. People without an account aren't
  // among them (user_id.h).
  virtual Result<std::vector<UserSummary>> users_after(std::string_view after, int limit) = 0;
  // Forgets every failed attempt of this name, and the conversations that ended without a grant,
  // which count towards ConversationLimits. Returns how many rows that were; if none, nothing was
  // written. Durable.
  virtual Result<int> forget_attempts(std::string_view name, const AuditEvent& event) = 0;
};

// That an account was looked for in the system's directories, and was not there.
struct Absence {
  WallTime first_seen;
  WallTime last_seen;
};

struct Owner {
  Account account;
  std::optional<Absence> absence;
  std::optional<WallTime> last_used;  // of its methods, the one that was used last
};

// What becomes of owners whose accounts have left the system (S148).
class OwnerStore {
 public:
  virtual ~OwnerStore() = default;

  // Accounts with a method, attempts, a known place, a user record or a noted absence, by name and
  // uid, after `after`. A name with two uids is two owners (S37).
  virtual Result<std::vector<Owner>> owners_after(const Account& after, int limit) = 0;
  // Replaces what is noted; nothing: the account is there.
  virtual Status note_absence(const Account& account, const std::optional<Absence>& absence) = 0;
  // Deletes, in one short transaction, at most `limit` rows of an account that was first seen gone
  // before `before`; returns how many. Fewer than `limit`: nothing of it is left, nor the note. One
  // without such a note loses nothing. `event` is recorded with each transaction that deletes.
  // Durable.
  virtual Result<int> purge_owner(const Account& account,
                                  WallTime before,
                                  int limit,
                                  const AuditEvent& event) = 0;
};

struct StoredSettingGroup {
  SettingFields fields;
  std::int64_t version = 0;  // rises with each change; 0: never set
};

class SettingsStore {
 public:
  virtual ~SettingsStore() = default;

  // Read at every use: another process may have changed them.
  virtual Result<RuntimeSettings> settings() = 0;
  // The same for a login of `account`, and whether that is blocked, of one moment and in one look.
  virtual Result<AccountSettings> settings_for(const Account& account) = 0;
  virtual Status set_policy(LoginPolicy policy, const AuditEvent& event) = 0;           // durable
  virtual Status set_factor(Factor factor, bool enabled, const AuditEvent& event) = 0;  // durable

  // Sealed as a whole: some of them are credentials (S114).
  virtual Result<StoredSettingGroup> setting_group(SettingGroup group) = 0;
  // Stores the fields of `next` if the group's version still is `next.version`. Durable.
  virtual Result<Claim> replace_setting_group(SettingGroup group,
                                              const StoredSettingGroup& next,
                                              const AuditEvent& event) = 0;
};

enum class ClientAddition { Added, NameTaken, TooMany };

// A key that signs tokens for others to verify: the private half is sealed (S114).
struct SigningKey {
  std::string id;          // its "kid": never reused
  std::string public_key;  // DER, SubjectPublicKeyInfo
  Secret private_key;      // DER, PKCS #8
  WallTime created;
};

// Clients of the management API, their tokens, and the keys that sign. All writes are durable.
class ApiClientStore {
 public:
  virtual ~ApiClientStore() = default;

  virtual Result<ClientAddition> add_api_client(const ApiClient& client,
                                                const AuditEvent& event) = 0;
  virtual Result<std::vector<ApiClient>> api_clients() = 0;  // by name
  virtual Result<std::optional<ApiClient>> api_client(std::string_view id) = 0;
  // Ends every token of the client.
  virtual Result<Claim> replace_client_secret(std::string_view id,
                                              const Sha256Digest& secret,
                                              const AuditEvent& event) = 0;
  virtual Result<Claim> remove_api_client(std::string_view id, const AuditEvent& event) = 0;

  // Of a client beyond kMaxLiveTokens the oldest go. Lost: there is no such client.
  virtual Result<Claim> add_access_token(const AccessToken& token, const AuditEvent& event) = 0;
  // Expired ones too, until they are purged.
  virtual Result<std::optional<FoundToken>> access_token(const Sha256Digest& hash) = 0;
  virtual Result<Claim> revoke_access_token(const Sha256Digest& hash,
                                            std::string_view client,
                                            const AuditEvent& event) = 0;
  // Won once for each client and digest; may be forgotten after `expires`.
  virtual Result<Claim> claim_assertion(std::string_view client,
                                        const Sha256Digest& digest,
                                        WallTime expires) = 0;

  virtual Result<std::vector<SigningKey>> signing_keys() = 0;  // oldest first
  // Adds `key` if the newest one still is `newest` (empty: there is none).
  virtual Result<Claim> add_signing_key(const SigningKey& key,
                                        std::string_view newest,
                                        const AuditEvent& event) = 0;
  virtual Result<Claim> remove_signing_key(std::string_view id, const AuditEvent& event) = 0;
};

struct AuditQuery {
  std::uint64_t after = 0;   // records with a higher number, oldest first
  bool newest = false;       // instead: the newest `limit`, oldest of them first
  std::uint64_t before = 0;  // with `newest`: of those with a lower number; 0: of all
  int limit = 100;
  std::string user;  // empty for all
};

struct AuditVerification {
  std::uint64_t records = 0;
  std::string finding;  // empty: the chain is whole
};

// A verification that is done in parts, as far as it has come. A new one begins at the oldest
// record kept. What is behind a broken place is verified too.
struct AuditReview {
  enum class State { Beginning, Going, Ended };

  struct Place {
    std::uint64_t sequence = 0;
    MacBytes mac{};
  };

  State state = State::Beginning;
  Place head;  // of the log when this began: what is appended later is left to the next review
  Place at;    // the record that was checked last
  int breaks = 0;
  std::string last_break;
  AuditVerification result;  // complete when this has ended: the first break, how many and the last
};

class AuditStore {
 public:
  virtual ~AuditStore() = default;

  virtual Result<std::uint64_t> append(
      const AuditEvent& event) = 0;  // durable; the record's number
  virtual Result<std::vector<AuditRecord>> read(const AuditQuery& query) = 0;
  // Recomputes the chain from the oldest record kept to the head (S127). May take long.
  virtual Result<AuditVerification> verify() = 0;
  // The same in short parts: goes on with `review` and returns how far it has come then.
  virtual Result<AuditReview> review_on(AuditReview review) = 0;
};

// What a master key is still needed for (S118).
struct KeyUse {
  std::int64_t settings = 0;                // groups of settings, and keys that sign, under it
  std::int64_t seeds = 0;                   // sealed under it
  std::int64_t details = 0;                 // of users and of methods, sealed under it
  std::set<std::string> recovery_codes_of;  // accounts whose codes are digested under it
  std::int64_t audit_records = 0;           // chained under it
  bool marks = false;                       // one of the store's own seals
};

class HousekeepingStore {
 public:
  virtual ~HousekeepingStore() = default;

  // Keeps the latest wall time that was ever written (S90), which Standing has, and returns it:
  // `now`, or a later one that it was before.
  virtual Result<WallTime> raise_latest_time(WallTime now) = 0;

  // Deletes, in one short transaction, at most `limit` of: conversations begun over an hour ago,
  // unconfirmed methods past their hour, tickets, tokens and assertions past their time, audit
  // records past their days. Returns how many; fewer than `limit` means that nothing is left to
  // delete.
  virtual Result<int> purge(WallTime now, int limit) = 0;

  // Seals at most `limit` secrets anew that still name a retired key; returns how many. Zero: no
  // sealed secret names one any more (S118).
  virtual Result<int> reseal(int limit) = 0;

  // Every key that anything in the store names. Reads all of it: not in the way of a login.
  virtual Result<std::map<KeyId, KeyUse>> key_uses() = 0;

  // Of the processes that use the store, one does what is to be done once for all of them. Whether
  // that is this one; it stays so until it ends, and then it is another, which finds out here.
  virtual bool is_on_duty() = 0;
};

class Store : public ConversationStore,
              public VerifierStore,
              public MethodStore,
              public UserStore,
              public OwnerStore,
              public SettingsStore,
              public ApiClientStore,
              public AuditStore,
              public HousekeepingStore,
              public EnrolledMethodStore,
              public UserRecordStore,
              public TicketStore {};

}  // namespace twinlock

#endif
