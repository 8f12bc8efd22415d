// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_CONVERSATION_ENGINE_H
#define TWINLOCK_DAEMON_DOMAIN_CONVERSATION_ENGINE_H

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/secret.h"
#include "daemon/domain/answer_parser.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/conversation.h"
#include "daemon/domain/limits.h"
#include "daemon/domain/login_context.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/step.h"
#include "daemon/ports/account_directory.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/key_ring.h"
#include "daemon/ports/store.h"

namespace twinlock {

// What the administrator's file says about logins.
struct LoginSettings {
  std::vector<PolicyRule> rules;
  ConversationLimits limits{kLiveConversations, kConversationsPerHour};
  std::chrono::seconds lifetime = kConversationLifetime;
  int totp_window = kTotpWindow;
};

// What a login needs of the world.
struct LoginPorts {
  ConversationStore& conversations;
  VerifierStore& verifiers;
  MethodStore& methods;
  SettingsStore& settings;
  AccountDirectory& directory;
  AccountDirectory& own_directory;  // for what users begin themselves: it may be crowded by them
  KeyRing& keys;
  Clock& clock;
  AuditTrail& audit;
};

// Who goes on with a conversation: the front end of a login, or a user talking about itself. Each
// reaches its own conversations only.
struct Asker {
  std::optional<Uid> self;  // the caller's uid as the bus states it; nothing: a login's front end
};

// All conversations: the one implementation of a login, whoever asks (PAM, `twinlock test`, later
// other hosts). Keeps nothing between calls but its settings; the state is in the store before the
// first prompt goes out (S42), so that any process over the same store can go on with it.
//
// Every call returns a step. What can't be decided is Unavailable, which denies: no failure of a
// port is ever granted or exempt. Any thread.
class ConversationEngine {
 public:
  ConversationEngine(const LoginPorts& ports, LoginSettings settings);

  // Opens a conversation, or tells at once that none is needed or wanted. Sends nothing to anybody
  // and shows nothing of the account: an unknown one, one without authenticators and one with
  // several get the same prompt (S25, S40). The same nonce again finds the same conversation.
  [[nodiscard]] Step begin(const LoginContext& context);

  // Judges one answer. `previous` is the nonce of the step being answered, `nonce` a fresh one; the
  // same `nonce` again within 30 seconds returns the same step and judges nothing (S41).
  [[nodiscard]] Step answer(const ConversationId& id,
                            const Nonce& previous,
                            const Nonce& nonce,
                            const Secret& answer,
                            const Asker& asker);

  // Ends a conversation that still asks.
  void cancel(const ConversationId& id, const Asker& asker);

  // Ends at most `limit` of those that nobody has answered in their time, so that the log tells of
  // them too: whoever hangs up at the prompt leaves a record (S126). Returns how many; an error if
  // one couldn't be ended.
  [[nodiscard]] Result<int> end_abandoned(int limit);

  // Takes effect with the next call.
  void configure(LoginSettings settings);

 private:
  [[nodiscard]] std::shared_ptr<const LoginSettings> settings() const;
  [[nodiscard]] Result<PolicyDecision> demand(const LoginContext& context,
                                              const std::optional<Account>& found);
  [[nodiscard]] Result<SubjectDigest> subject_of(std::string_view name,
                                                 const LoginContext& context);
  [[nodiscard]] Step open(Conversation conversation);
  [[nodiscard]] Step exempt(Conversation conversation, const std::string& rule);
  // Ends `conversation`, which is stored only if it asks already, without having judged anything.
  [[nodiscard]] Step refuse(Conversation conversation, Reason reason);
  [[nodiscard]] Step unavailable(Conversation conversation, Reason reason, const Error& cause);
  [[nodiscard]] Result<std::optional<Conversation>> find(const ConversationId& id,
                                                         const Asker& asker);
  // The same, with what an answer of this form to the step of `previous` is judged by.
  [[nodiscard]] Result<std::optional<Docket>> find_docket(const ConversationId& id,
                                                          const Nonce& previous,
                                                          ParsedAnswer::Form form,
                                                          const Asker& asker);
  Status end(const Conversation& conversation, Reason reason, Instant now);
  // Writes down one that has ended without a decision of its own (S126).
  void record_end(const Conversation& ended, Instant now);

  LoginPorts ports_;
  mutable std::mutex mutex_;  // guards the pointer below, for as long as copying it takes
  // Shared between the engine and the calls that began before the settings changed.
  std::shared_ptr<const LoginSettings> settings_;
};

}  // namespace twinlock

#endif
