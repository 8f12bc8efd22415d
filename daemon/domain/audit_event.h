// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_AUDIT_EVENT_H
#define TWINLOCK_DAEMON_DOMAIN_AUDIT_EVENT_H

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/domain/account.h"
#include "daemon/domain/authentication_method.h"
#include "daemon/domain/instant.h"

namespace twinlock {

// What happened. The numbers are stored: never reused, never changed.
enum class AuditEventType {
  LoginGranted = 1,
  LoginDenied = 2,  // a wrong answer or one on hold, or a conversation that ended without a grant
  LoginExempt = 3,
  TestGranted = 4,
  ProofGranted = 5,
  MethodEnrolled = 10,  // confirmed: from now on it counts
  MethodRemoved = 11,
  MethodRenamed = 12,
  MethodResynchronized = 13,
  RecoveryCodesMade = 14,
  EnrollmentStarted = 15,
  UserReset = 20,
  UserUnlocked = 21,
  AccountPurged = 22,
  PolicyChanged = 30,
  FactorChanged = 31,
  SettingsChanged = 33,
  KeyRotated = 32,
  DaemonStarted = 40,
  DaemonStopped = 41,
  ConfigurationReloaded = 42,
  ShortCodesDisabled = 50,  // alerts (S129)
  ClockBehind = 51,
  RollbackDetected = 52,
  AuditGap = 53,
  StoreFull = 54,
  ConfigurationRejected = 55,
  RecoveryCodesGuessed = 56,  // twenty wrong recovery codes in a row
  Suppressed = 60,            // a count of identical records that were left out (S128)
  ApiClientCreated = 70,
  ApiClientRotated = 71,
  ApiClientDeleted = 72,
  TokenIssued = 73,
  TokenRefused = 74,  // to a client that isn't known, or couldn't show that it is who it says
  TokenRevoked = 75,
  ApiChanged = 76,  // a request to the management API that changed something
  ApiRefused = 77,
  RateLimited = 78,
  SigningKeyMade = 79,
  SigningKeyDeleted = 80,
  UserCreated = 90,  // a record of one, through the management API
  UserChanged = 91,
  UserDeleted = 92,
  UserBlocked = 93,
  UserUnblocked = 94,
  PlacesForgotten = 95,  // where a user's logins came from
  MethodChanged = 96,    // otherwise than renamed
  TicketMade = 97,
  TicketRedeemed = 98,
  TicketRefused = 99,
};

// Why. The codes of docs/audit-log.md; complete for the administrator, never shown to the user.
enum class Reason {
  None = 0,
  RightCode = 1,
  WrongCode = 2,
  CodeAlreadyUsed = 3,
  OnHold = 4,
  ShortCodesDisabled = 5,
  UnknownAccount = 6,
  NotEnrolled = 7,
  FactorDisabled = 8,
  NotACode = 9,  // the answer had no form that we know
  Expired = 11,
  Cancelled = 12,
  TooManyConversations = 13,
  NotInteractive = 14,
  PolicyOff = 15,
  ExemptByRule = 16,
  ClockBehind = 17,
  StoreUnavailable = 18,
  DirectoryUnavailable = 19,
  KeyUnavailable = 20,
  NonceMismatch = 21,
  Internal = 22,
  ForeignUid = 26,
  Superseded = 27,   // more conversations than one user may hold open: the oldest gave way
  UserBlocked = 28,  // an administrator has blocked the user
};

enum class Severity { Information = 6, Notice = 5, Warning = 4, Alert = 1 };  // as syslog(3) counts

[[nodiscard]] std::string_view audit_event_name(AuditEventType type);  // "login-granted", …
[[nodiscard]] std::optional<AuditEventType> audit_event_named(std::string_view name);
[[nodiscard]] std::string_view reason_name(Reason reason);  // "right-code", …
[[nodiscard]] Severity severity_of(AuditEventType type);

struct AuditEvent;
// As its type's; or an alert, where somebody else than the user made or took away what lets the
// user in (S129, S149).
[[nodiscard]] Severity severity_of(const AuditEvent& event);

// Who does something, where it isn't the user logging in: "uid 0", "uid 1000 by polkit",
// "twinlockd"; and from which address, where that was over the network.
struct Actor {
  // Implicit: most actors are a name.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Actor(std::string who = {}, std::string where = {})
      : name(std::move(who)), source(std::move(where)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Actor(const char* who) : name(who) {}

  std::string name;
  std::string source;
};

struct AuditEvent {
  WallTime time;
  AuditEventType type;
  std::string user;  // canonical name; empty where the account does not exist (S125)
  std::optional<Uid> uid;
  std::string service;
  std::string source;  // address literal
  std::optional<MethodType> method_type;
  std::optional<MethodId> method_id;
  Reason reason = Reason::None;
  std::string conversation;  // hexadecimal id
  std::string actor;         // the name of one
  std::string detail;        // the rule's name, what changed from what to what; bounded, no secret
};

// Has `event` say who did it.
void attribute(AuditEvent& event, const Actor& actor);

using MacBytes = std::array<std::uint8_t, 32>;

// A stored event: its number, and the HMAC that chains it to the one before (S127).
struct AuditRecord {
  std::uint64_t sequence;
  AuditEvent event;
  MacBytes mac;
};

}  // namespace twinlock

#endif
