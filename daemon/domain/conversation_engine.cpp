// SPDX-License-Identifier: MIT
#include "daemon/domain/conversation_engine.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "daemon/domain/judgement.h"
#include "daemon/domain/source_digest.h"
#include "daemon/domain/wording.h"

namespace twinlock {
namespace {

const Account kNobody{"", static_cast<Uid>(-1)};

bool mentions_groups(const std::vector<PolicyRule>& rules) {
  return std::any_of(
      rules.begin(), rules.end(), [](const PolicyRule& rule) { return !rule.groups.empty(); });
}

// These name in PAM_RUSER the account that runs them, from its real uid; others leave it out, or
// take it from the network.
constexpr std::array<std::string_view, 5> kRunByTheUser{"sudo", "sudo-i", "su", "su-l", "doas"};

// sshd states an address; what comes from none is on this machine.
Vantage vantage_of(const LoginContext& context) {
  if (!context.source.empty()) return Vantage::Elsewhere;
  if (context.local_terminal) return Vantage::Console;
  const bool runs_it =
      context.ruser == context.user &&
      std::find(kRunByTheUser.begin(), kRunByTheUser.end(), context.service) != kRunByTheUser.end();
  return runs_it ? Vantage::OwnSession : Vantage::Elsewhere;
}

// What a user's own programs begin takes nothing from its logins, and nothing that happens
// elsewhere closes the console or the user's own session.
std::string_view share_of(const LoginContext& context) {
  if (context.purpose != Purpose::Login) return "self";
  switch (vantage_of(context)) {
    case Vantage::Elsewhere:
      break;
    case Vantage::Console:
      return "console";
    case Vantage::OwnSession:
      return "session";
  }
  return "login";
}

Conversation draft(const LoginContext& context) {
  Conversation conversation;
  conversation.id = context.nonce;
  conversation.nonce = context.nonce;
  conversation.purpose = context.purpose;
  conversation.service = context.service;
  conversation.source = context.source;
  conversation.vantage = vantage_of(context);
  return conversation;
}

bool may_reach(const Asker& asker, const Conversation& conversation) {
  if (!asker.self) return conversation.purpose == Purpose::Login;
  return conversation.purpose != Purpose::Login && conversation.account &&
         conversation.account->uid == *asker.self;
}

}  // namespace

ConversationEngine::ConversationEngine(const LoginPorts& ports, LoginSettings settings)
    : ports_(ports), settings_(std::make_shared<const LoginSettings>(std::move(settings))) {}

void ConversationEngine::configure(LoginSettings settings) {
  auto fresh = std::make_shared<const LoginSettings>(std::move(settings));
  const std::scoped_lock lock(mutex_);
  settings_ = std::move(fresh);
}

std::shared_ptr<const LoginSettings> ConversationEngine::settings() const {
  const std::scoped_lock lock(mutex_);
  return settings_;
}

Step ConversationEngine::begin(const LoginContext& context) {
  Conversation conversation = draft(context);
  const auto now = ports_.clock.now();
  if (!now) return unavailable(std::move(conversation), Reason::Internal, now.error());
  conversation.started = conversation.touched = *now;

  // No user's lookup stands before a login's.
  auto& directory = context.purpose == Purpose::Login ? ports_.directory : ports_.own_directory;
  const auto found = is_account_name(context.user) ? directory.find(context.user)
                                                   : Result<std::optional<Account>>(std::nullopt);
  if (!found) {
    return unavailable(std::move(conversation), Reason::DirectoryUnavailable, found.error());
  }
  if (*found) {
    conversation.account = **found;
    conversation.requested_user = context.user;
  }
  if (context.purpose == Purpose::Login) {
    const auto decision = demand(context, *found);
    if (!decision) {
      return unavailable(std::move(conversation), Reason::StoreUnavailable, decision.error());
    }
    if (decision->demand == PolicyDecision::Demand::Exempt) {
      return exempt(std::move(conversation), decision->rule);
    }
    if (decision->demand == PolicyDecision::Demand::Blocked) {
      return refuse(std::move(conversation), Reason::UserBlocked);
    }
  }
  // By the canonical name, so that every spelling of it draws on one share (S37).
  const auto subject = subject_of(*found ? (*found)->name : context.user, context);
  if (!subject) {
    return unavailable(std::move(conversation), Reason::KeyUnavailable, subject.error());
  }
  conversation.subject = *subject;
  if (!context.interactive) return refuse(std::move(conversation), Reason::NotInteractive);
  return open(std::move(conversation));
}

// Nobody is exempt who doesn't exist; it is looked at as much nevertheless, so that the time it
// takes doesn't tell (S25).
Result<PolicyDecision> ConversationEngine::demand(const LoginContext& context,
                                                  const std::optional<Account>& found) {
  const Account account = found.value_or(kNobody);
  const auto runtime = ports_.settings.settings_for(account);
  if (!runtime) return runtime.error();
  const auto configured = settings();
  PolicySubject subject{account, context.service, context.source, std::nullopt};
  if (mentions_groups(configured->rules)) {
    auto groups = ports_.directory.groups(account);
    if (groups) {
      subject.groups = *std::move(groups);
    } else if (found) {
      // Not a reason to stop: unread groups count as the stricter branch of each rule (S48).
      ports_.audit.problem(Severity::Warning, "directory", groups.error().detail);
    }
  }
  if (!found) return PolicyDecision{};
  if (runtime->blocked) return PolicyDecision{PolicyDecision::Demand::Blocked, {}};
  return evaluate_policy(runtime->settings.policy, configured->rules, subject);
}

Result<SubjectDigest> ConversationEngine::subject_of(std::string_view name,
                                                     const LoginContext& context) {
  const auto name_digest = ports_.audit.name_digest(name);
  if (!name_digest) return name_digest.error();
  const std::string named = std::string(name) + '\n' + counted_source(context.source) + '\n' +
                            std::string(share_of(context));
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(named.data()),
                                            named.size());
  const auto digest = ports_.keys.digest("subject", bytes);
  if (!digest) return digest.error();
  SubjectDigest subject;
  auto* const rest = std::copy(name_digest->begin(), name_digest->end(), subject.begin());
  std::copy_n(digest->bytes.begin(), subject.end() - rest, rest);
  return subject;
}

Step ConversationEngine::open(Conversation conversation) {
  using Outcome = OpenedConversation::Outcome;
  const auto opened = ports_.conversations.open_conversation(conversation, settings()->limits);
  if (!opened) {
    return unavailable(std::move(conversation), Reason::StoreUnavailable, opened.error());
  }
  switch (opened->outcome) {
    case Outcome::Opened:
      for (const auto& gone : opened->superseded) record_end(gone, conversation.started);
      return step_of(conversation);
    case Outcome::TooMany:
      return refuse(std::move(conversation), Reason::TooManyConversations);
    case Outcome::Repeated:
      break;
  }
  // Asked again after the reply was lost: the same prompt, if it is the same question and nothing
  // has been answered since.
  const Conversation& stored = opened->stored;
  if (stored.subject == conversation.subject && stored.service == conversation.service &&
      stored.purpose == conversation.purpose && stored.nonce == conversation.nonce &&
      !has_passed(kReplayWindow, stored.started, conversation.started)) {
    return step_of(stored);
  }
  return refuse(std::move(conversation), Reason::NonceMismatch);
}

Step ConversationEngine::exempt(Conversation conversation, const std::string& rule) {
  conversation.phase = Phase::Exempt;
  conversation.reason = rule == kPolicyNone ? Reason::PolicyOff : Reason::ExemptByRule;
  auto event = ports_.audit.event_of(
      conversation, AuditEventType::LoginExempt, conversation.reason, conversation.started.wall);
  event.detail = rule;
  const auto written = ports_.audit.write(event);
  if (!written) {
    // Nobody is let through whose exemption couldn't be written down (S48).
    return unavailable(std::move(conversation), Reason::StoreUnavailable, written.error());
  }
  return step_of(conversation);
}

Step ConversationEngine::refuse(Conversation conversation, Reason reason) {
  conversation.phase = Phase::Denied;
  conversation.reason = reason;
  const auto event = ports_.audit.event_of(
      conversation, AuditEventType::LoginDenied, reason, conversation.touched.wall);
  if (const auto written = ports_.audit.write(event); !written) {
    return unavailable(std::move(conversation), Reason::StoreUnavailable, written.error());
  }
  return step_of(conversation);
}

Step ConversationEngine::unavailable(Conversation conversation, Reason reason, const Error& cause) {
  ports_.audit.problem(Severity::Warning, reason_name(reason), cause.detail);
  conversation.phase = Phase::Unavailable;
  conversation.reason = reason;
  const auto event = ports_.audit.event_of(
      conversation, AuditEventType::LoginDenied, reason, conversation.touched.wall);
  if (const auto written = ports_.audit.write(event); !written) {
    ports_.audit.problem(Severity::Warning, "audit", written.error().detail);
  }
  return step_of(conversation);
}

Result<std::optional<Conversation>> ConversationEngine::find(const ConversationId& id,
                                                             const Asker& asker) {
  auto found = ports_.conversations.conversation(id);
  if (found && *found && !may_reach(asker, **found)) return std::optional<Conversation>();
  return found;
}

Result<std::optional<Docket>> ConversationEngine::find_docket(const ConversationId& id,
                                                              const Nonce& previous,
                                                              ParsedAnswer::Form form,
                                                              const Asker& asker) {
  if (form == ParsedAnswer::Form::Unknown) {  // draws on no budget, and is looked at no further
    auto found = find(id, asker);
    if (!found) return found.error();
    if (!*found) return std::optional<Docket>();
    return std::optional(Docket{**std::move(found), std::nullopt});
  }
  const auto budget =
      form == ParsedAnswer::Form::RecoveryCode ? Budget::RecoveryCode : Budget::ShortCode;
  auto found = ports_.verifiers.docket(id, previous, budget);
  if (found && *found && !may_reach(asker, (*found)->conversation)) return std::optional<Docket>();
  return found;
}

Step ConversationEngine::answer(const ConversationId& id,
                                const Nonce& previous,
                                const Nonce& nonce,
                                const Secret& answer,
                                const Asker& asker) {
  Conversation nowhere;
  nowhere.id = id;
  nowhere.nonce = nonce;
  nowhere.phase = Phase::Denied;
  nowhere.reason = Reason::Expired;
  const auto now = ports_.clock.now();
  if (!now) return unavailable(std::move(nowhere), Reason::Internal, now.error());
  nowhere.started = nowhere.touched = *now;
  const ParsedAnswer parsed = parse_answer(answer);
  auto found = find_docket(id, previous, parsed.form, asker);
  if (!found) return unavailable(std::move(nowhere), Reason::StoreUnavailable, found.error());
  if (!*found) return step_of(nowhere);

  const Conversation& conversation = (*found)->conversation;
  nowhere.requested_user = conversation.requested_user;
  if (conversation.nonce == nonce) {
    return has_passed(kReplayWindow, conversation.touched, *now) ? step_of(nowhere)
                                                                 : step_of(conversation);
  }
  if (conversation.phase != Phase::Asking || conversation.nonce != previous) {
    const bool gave_way = conversation.reason == Reason::Superseded;
    nowhere.reason = gave_way ? Reason::Superseded : Reason::NonceMismatch;
    return step_of(nowhere);
  }
  const auto configured = settings();
  if (has_passed(configured->lifetime, conversation.started, *now)) {
    // What can't be ended now is too late still, and ended as abandoned.
    static_cast<void>(end(conversation, Reason::Expired, *now));
    return step_of(nowhere);
  }
  return Judgement(ports_, *configured, **std::move(found), nonce, *now).of(parsed);
}

void ConversationEngine::cancel(const ConversationId& id, const Asker& asker) {
  const auto now = ports_.clock.now();
  if (!now) return;
  const auto found = find(id, asker);
  if (found && *found && (*found)->phase == Phase::Asking) {
    static_cast<void>(end(**found, Reason::Cancelled, *now));  // or it expires
  }
}

Result<int> ConversationEngine::end_abandoned(int limit) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  const auto lifetime = settings()->lifetime;
  const auto found = ports_.conversations.asking_since_before(now->wall - lifetime, limit);
  if (!found) return found.error();
  for (const auto& conversation : *found) {
    if (const auto ended = end(conversation, Reason::Expired, *now); !ended) return ended.error();
  }
  return static_cast<int>(found->size());
}

Status ConversationEngine::end(const Conversation& conversation, Reason reason, Instant now) {
  Conversation ended = conversation;
  ended.phase = Phase::Denied;
  ended.reason = reason;
  const auto moved = ports_.conversations.advance_conversation(ended, conversation.nonce);
  if (!moved) return moved.error();
  if (*moved == Claim::Won) record_end(ended, now);
  return Done{};
}

void ConversationEngine::record_end(const Conversation& ended, Instant now) {
  const auto written = ports_.audit.write(
      ports_.audit.event_of(ended, AuditEventType::LoginDenied, ended.reason, now.wall));
  if (!written) ports_.audit.problem(Severity::Warning, "audit", written.error().detail);
}

}  // namespace twinlock
