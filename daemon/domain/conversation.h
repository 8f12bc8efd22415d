// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_CONVERSATION_H
#define TWINLOCK_DAEMON_DOMAIN_CONVERSATION_H

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/domain/account.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/authentication_method.h"
#include "daemon/domain/instant.h"
#include "daemon/domain/login_context.h"

//             Begin                    right answer
//   (none) ──────────► Asking ─────────────────────────► Granted
//      │                │  ▲ │  third wrong answer
//      │                └──┘ ├───────────────────────────► Exhausted
//      │              wrong  │  third answer on hold, cancelled, superseded, expired
//      │                     ├───────────────────────────► Denied
//      ├──► Exempt           │  a port failed
//      └──► Denied           └───────────────────────────► Unavailable
namespace twinlock {

// The nonce of Begin is the conversation's id: a Begin that is sent again after the daemon died
// finds the conversation that it opened.
using ConversationId = Nonce;

enum class Phase {
  Asking = 1,
  Granted = 2,
  Exempt = 3,
  Denied = 4,
  Exhausted = 5,
  Unavailable = 6
};

// Names a user without saying which: the first bytes of a keyed digest (S125).
using NameDigest = std::array<std::uint8_t, 4>;

// Names a user and a source without saying which: the name's digest, then the first 12 bytes of
// one of both. Counts conversations for accounts that exist and for names that don't, alike.
using SubjectDigest = std::array<std::uint8_t, 16>;

// One login from Begin to its decision, as stored before the first prompt goes out (S42).
struct Conversation {
  ConversationId id{};
  Nonce nonce{};  // of the last call that was answered
  Purpose purpose = Purpose::Login;
  SubjectDigest subject{};
  std::string requested_user;      // as the front end spelled it; empty if there is no such account
  std::optional<Account> account;  // nothing: nobody; the answers will be wrong (S25)
  std::string service;
  std::string source;
  Vantage vantage = Vantage::Elsewhere;
  Instant started;
  Instant touched;  // when `nonce` was answered
  Phase phase = Phase::Asking;
  Reason reason = Reason::None;
  int answers = 0;
  std::optional<MethodType> satisfied_by;  // of a granted one (S106)
};

}  // namespace twinlock

#endif
