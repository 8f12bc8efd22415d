// SPDX-License-Identifier: MIT
#include "daemon/domain/audit_event.h"

#include <algorithm>

namespace twinlock {
namespace {

struct EventEntry {
  AuditEventType type;
  std::string_view name;
  Severity severity;
};

constexpr std::array kEvents{
    EventEntry{AuditEventType::LoginGranted, "login-granted", Severity::Information},
    EventEntry{AuditEventType::LoginDenied, "login-denied", Severity::Notice},
    EventEntry{AuditEventType::LoginExempt, "login-exempt", Severity::Information},
    EventEntry{AuditEventType::TestGranted, "test-granted", Severity::Information},
    EventEntry{AuditEventType::ProofGranted, "proof-granted", Severity::Information},
    EventEntry{AuditEventType::MethodEnrolled, "method-enrolled", Severity::Notice},
    EventEntry{AuditEventType::MethodRemoved, "method-removed", Severity::Notice},
    EventEntry{AuditEventType::MethodRenamed, "method-renamed", Severity::Information},
    EventEntry{AuditEventType::MethodResynchronized, "method-resynchronized", Severity::Notice},
    EventEntry{AuditEventType::RecoveryCodesMade, "recovery-codes-made", Severity::Notice},
    EventEntry{AuditEventType::EnrollmentStarted, "enrollment-started", Severity::Information},
    EventEntry{AuditEventType::UserReset, "user-reset", Severity::Alert},
    EventEntry{AuditEventType::UserUnlocked, "user-unlocked", Severity::Alert},
    EventEntry{AuditEventType::AccountPurged, "account-purged", Severity::Notice},
    EventEntry{AuditEventType::PolicyChanged, "policy-changed", Severity::Alert},
    EventEntry{AuditEventType::FactorChanged, "factor-changed", Severity::Alert},
    EventEntry{AuditEventType::SettingsChanged, "settings-changed", Severity::Notice},
    EventEntry{AuditEventType::KeyRotated, "key-rotated", Severity::Notice},
    EventEntry{AuditEventType::DaemonStarted, "daemon-started", Severity::Information},
    EventEntry{AuditEventType::DaemonStopped, "daemon-stopped", Severity::Information},
    EventEntry{AuditEventType::ConfigurationReloaded, "configuration-reloaded", Severity::Notice},
    EventEntry{AuditEventType::ShortCodesDisabled, "short-codes-disabled", Severity::Alert},
    EventEntry{AuditEventType::ClockBehind, "clock-behind", Severity::Alert},
    EventEntry{AuditEventType::RollbackDetected, "rollback-detected", Severity::Alert},
    EventEntry{AuditEventType::AuditGap, "audit-gap", Severity::Alert},
    EventEntry{AuditEventType::StoreFull, "store-full", Severity::Alert},
    EventEntry{AuditEventType::ConfigurationRejected, "configuration-rejected", Severity::Alert},
    EventEntry{AuditEventType::RecoveryCodesGuessed, "recovery-codes-guessed", Severity::Alert},
    EventEntry{AuditEventType::ApiClientCreated, "api-client-created", Severity::Alert},
    EventEntry{AuditEventType::ApiClientRotated, "api-client-rotated", Severity::Notice},
    EventEntry{AuditEventType::ApiClientDeleted, "api-client-deleted", Severity::Notice},
    EventEntry{AuditEventType::TokenIssued, "token-issued", Severity::Information},
    EventEntry{AuditEventType::TokenRefused, "token-refused", Severity::Warning},
    EventEntry{AuditEventType::TokenRevoked, "token-revoked", Severity::Information},
    EventEntry{AuditEventType::ApiChanged, "api-changed", Severity::Information},
    EventEntry{AuditEventType::ApiRefused, "api-refused", Severity::Notice},
    EventEntry{AuditEventType::RateLimited, "rate-limited", Severity::Warning},
    EventEntry{AuditEventType::SigningKeyMade, "signing-key-made", Severity::Notice},
    EventEntry{AuditEventType::SigningKeyDeleted, "signing-key-deleted", Severity::Notice},
    EventEntry{AuditEventType::Suppressed, "suppressed", Severity::Warning},
    EventEntry{AuditEventType::UserCreated, "user-created", Severity::Notice},
    EventEntry{AuditEventType::UserChanged, "user-changed", Severity::Notice},
    EventEntry{AuditEventType::UserDeleted, "user-deleted", Severity::Alert},
    EventEntry{AuditEventType::UserBlocked, "user-blocked", Severity::Alert},
    EventEntry{AuditEventType::UserUnblocked, "user-unblocked", Severity::Alert},
    EventEntry{AuditEventType::PlacesForgotten, "places-forgotten", Severity::Notice},
    EventEntry{AuditEventType::MethodChanged, "method-changed", Severity::Notice},
    EventEntry{AuditEventType::TicketMade, "ticket-made", Severity::Notice},
    EventEntry{AuditEventType::TicketRedeemed, "ticket-redeemed", Severity::Notice},
    EventEntry{AuditEventType::TicketRefused, "ticket-refused", Severity::Notice},
};

struct ReasonEntry {
  Reason reason;
  std::string_view name;
};

constexpr std::array kReasons{
    ReasonEntry{Reason::None, ""},
    ReasonEntry{Reason::RightCode, "right-code"},
    ReasonEntry{Reason::WrongCode, "wrong-code"},
    ReasonEntry{Reason::CodeAlreadyUsed, "code-already-used"},
    ReasonEntry{Reason::OnHold, "on-hold"},
    ReasonEntry{Reason::ShortCodesDisabled, "short-codes-disabled"},
    ReasonEntry{Reason::UnknownAccount, "unknown-account"},
    ReasonEntry{Reason::NotEnrolled, "not-enrolled"},
    ReasonEntry{Reason::FactorDisabled, "factor-disabled"},
    ReasonEntry{Reason::NotACode, "not-a-code"},
    ReasonEntry{Reason::Expired, "expired"},
    ReasonEntry{Reason::Cancelled, "cancelled"},
    ReasonEntry{Reason::TooManyConversations, "too-many-conversations"},
    ReasonEntry{Reason::NotInteractive, "not-interactive"},
    ReasonEntry{Reason::PolicyOff, "policy-off"},
    ReasonEntry{Reason::ExemptByRule, "exempt-by-rule"},
    ReasonEntry{Reason::ClockBehind, "clock-behind"},
    ReasonEntry{Reason::StoreUnavailable, "store-unavailable"},
    ReasonEntry{Reason::DirectoryUnavailable, "directory-unavailable"},
    ReasonEntry{Reason::KeyUnavailable, "key-unavailable"},
    ReasonEntry{Reason::NonceMismatch, "nonce-mismatch"},
    ReasonEntry{Reason::Internal, "internal"},
    ReasonEntry{Reason::ForeignUid, "foreign-uid"},
    ReasonEntry{Reason::Superseded, "superseded"},
    ReasonEntry{Reason::UserBlocked, "user-blocked"},
};

// A planted authenticator is a way in, and one that was taken away a step towards planting one.
bool is_by_somebody_else(const AuditEvent& event) {
  const bool matters = event.type == AuditEventType::MethodEnrolled ||
                       event.type == AuditEventType::MethodRemoved ||
                       event.type == AuditEventType::RecoveryCodesMade ||
                       event.type == AuditEventType::MethodResynchronized;
  if (!matters || event.user.empty()) return false;
  // A person without an account has no uid to act under.
  return !event.uid || event.actor != "uid " + std::to_string(*event.uid);
}

}  // namespace

std::string_view audit_event_name(AuditEventType type) {
  for (const auto& entry : kEvents) {
    if (entry.type == type) return entry.name;
  }
  return "unknown";
}

std::optional<AuditEventType> audit_event_named(std::string_view name) {
  for (const auto& entry : kEvents) {
    if (entry.name == name) return entry.type;
  }
  return std::nullopt;
}

std::string_view reason_name(Reason reason) {
  for (const auto& entry : kReasons) {
    if (entry.reason == reason) return entry.name;
  }
  return "unknown";
}

Severity severity_of(const AuditEvent& event) {
  return is_by_somebody_else(event) ? Severity::Alert : severity_of(event.type);
}

Severity severity_of(AuditEventType type) {
  for (const auto& entry : kEvents) {
    if (entry.type == type) return entry.severity;
  }
  return Severity::Warning;  // from a newer version: better seen than missed
}

void attribute(AuditEvent& event, const Actor& actor) {
  event.actor = actor.name;
  event.source = actor.source;
}

}  // namespace twinlock
