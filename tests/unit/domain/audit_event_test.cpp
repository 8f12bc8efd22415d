// SPDX-License-Identifier: MIT
#include "daemon/domain/audit_event.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace twinlock {
namespace {

// Without a default: the compiler names the enumerator that was forgotten here, and the tests name
// the one that was forgotten in the tables.
bool is_event(int number) {
  switch (static_cast<AuditEventType>(number)) {
    case AuditEventType::LoginGranted:
    case AuditEventType::LoginDenied:
    case AuditEventType::LoginExempt:
    case AuditEventType::TestGranted:
    case AuditEventType::ProofGranted:
    case AuditEventType::MethodEnrolled:
    case AuditEventType::MethodRemoved:
    case AuditEventType::MethodRenamed:
    case AuditEventType::MethodResynchronized:
    case AuditEventType::RecoveryCodesMade:
    case AuditEventType::EnrollmentStarted:
    case AuditEventType::UserReset:
    case AuditEventType::UserUnlocked:
    case AuditEventType::AccountPurged:
    case AuditEventType::PolicyChanged:
    case AuditEventType::FactorChanged:
    case AuditEventType::SettingsChanged:
    case AuditEventType::ApiClientCreated:
    case AuditEventType::ApiClientRotated:
    case AuditEventType::ApiClientDeleted:
    case AuditEventType::TokenIssued:
    case AuditEventType::TokenRefused:
    case AuditEventType::TokenRevoked:
    case AuditEventType::ApiChanged:
    case AuditEventType::ApiRefused:
    case AuditEventType::RateLimited:
    case AuditEventType::SigningKeyMade:
    case AuditEventType::SigningKeyDeleted:
    case AuditEventType::KeyRotated:
    case AuditEventType::DaemonStarted:
    case AuditEventType::DaemonStopped:
    case AuditEventType::ConfigurationReloaded:
    case AuditEventType::ShortCodesDisabled:
    case AuditEventType::ClockBehind:
    case AuditEventType::RollbackDetected:
    case AuditEventType::AuditGap:
    case AuditEventType::StoreFull:
    case AuditEventType::ConfigurationRejected:
    case AuditEventType::RecoveryCodesGuessed:
    case AuditEventType::Suppressed:
    case AuditEventType::UserCreated:
    case AuditEventType::UserChanged:
    case AuditEventType::UserDeleted:
    case AuditEventType::UserBlocked:
    case AuditEventType::UserUnblocked:
    case AuditEventType::PlacesForgotten:
    case AuditEventType::MethodChanged:
    case AuditEventType::TicketMade:
    case AuditEventType::TicketRedeemed:
    case AuditEventType::TicketRefused:
      return true;
  }
  return false;
}

bool is_reason(int number) {
  switch (static_cast<Reason>(number)) {
    case Reason::None:
    case Reason::RightCode:
    case Reason::WrongCode:
    case Reason::CodeAlreadyUsed:
    case Reason::OnHold:
    case Reason::ShortCodesDisabled:
    case Reason::UnknownAccount:
    case Reason::NotEnrolled:
    case Reason::FactorDisabled:
    case Reason::NotACode:
    case Reason::Expired:
    case Reason::Cancelled:
    case Reason::TooManyConversations:
    case Reason::NotInteractive:
    case Reason::PolicyOff:
    case Reason::ExemptByRule:
    case Reason::ClockBehind:
    case Reason::StoreUnavailable:
    case Reason::DirectoryUnavailable:
    case Reason::KeyUnavailable:
    case Reason::NonceMismatch:
    case Reason::Internal:
    case Reason::ForeignUid:
    case Reason::Superseded:
    case Reason::UserBlocked:
      return true;
  }
  return false;
}

constexpr int kBeyond = 200;  // above every number in use

TEST(AuditEventTest, EveryTypeHasANameOfItsOwnThatReadsBack) {
  std::set<std::string_view> names;
  for (int number = 0; number < kBeyond; ++number) {
    const auto type = static_cast<AuditEventType>(number);
    const auto name = audit_event_name(type);
    EXPECT_EQ(name != "unknown", is_event(number)) << number;
    if (!is_event(number)) continue;
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(audit_event_named(name), type) << name;
  }
  EXPECT_FALSE(audit_event_named("unknown"));
  EXPECT_FALSE(audit_event_named(""));
}

TEST(AuditEventTest, EveryReasonHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int number = 0; number < kBeyond; ++number) {
    const auto name = reason_name(static_cast<Reason>(number));
    EXPECT_EQ(name != "unknown", is_reason(number)) << number;
    if (!is_reason(number)) continue;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(AuditEventTest, NamesAreLowerCaseWordsWithDashes) {
  for (int number = 0; number < kBeyond; ++number) {
    for (const auto name : {audit_event_name(static_cast<AuditEventType>(number)),
                            reason_name(static_cast<Reason>(number))}) {
      EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos)
          << name;
    }
  }
}

TEST(AuditEventTest, WhatAnAttackCausesIsAnAlert) {  // S129
  for (const auto type : {AuditEventType::ShortCodesDisabled,
                          AuditEventType::ClockBehind,
                          AuditEventType::RollbackDetected,
                          AuditEventType::AuditGap,
                          AuditEventType::StoreFull,
                          AuditEventType::PolicyChanged}) {
    EXPECT_EQ(severity_of(type), Severity::Alert) << audit_event_name(type);
  }
}

TEST(AuditEventTest, WhatAnAdministratorDoesToGetSomebodyInAgainIsAnAlert) {  // S129, S149
  for (const auto type : {AuditEventType::UserReset,
                          AuditEventType::UserUnlocked,
                          AuditEventType::UserUnblocked,
                          AuditEventType::UserDeleted,
                          AuditEventType::FactorChanged,
                          AuditEventType::PolicyChanged}) {
    EXPECT_EQ(severity_of(type), Severity::Alert) << audit_event_name(type);
  }
}

TEST(AuditEventTest, AnAuthenticatorThatSomebodyElseMadeOrTookAwayIsAnAlert) {  // S129
  for (const auto type : {AuditEventType::MethodEnrolled,
                          AuditEventType::MethodRemoved,
                          AuditEventType::RecoveryCodesMade,
                          AuditEventType::MethodResynchronized}) {
    AuditEvent event{};
    event.type = type;
    event.user = "alice";
    event.uid = 1000;
    event.actor = "uid 1000";
    EXPECT_NE(severity_of(event), Severity::Alert) << audit_event_name(type);
    for (const char* somebody : {"uid 0", "uid 100", "uid 10001", "uid 1000 by polkit"}) {
      event.actor = somebody;
      EXPECT_EQ(severity_of(event), Severity::Alert) << audit_event_name(type) << ' ' << somebody;
    }
  }
}

TEST(AuditEventTest, WhoeverHasNoAccountDidNothingToItselfHere) {  // S67, S129
  AuditEvent event{};
  event.type = AuditEventType::MethodEnrolled;
  event.user = "auth0|640b5a0ed3534be8b2db9dd3";
  event.actor = "client c1, token 0badf00d";
  EXPECT_EQ(severity_of(event), Severity::Alert);
}

TEST(AuditEventTest, AnEventOfANewerVersionIsSeenRatherThanMissed) {
  EXPECT_EQ(severity_of(static_cast<AuditEventType>(kBeyond)), Severity::Warning);
}

}  // namespace
}  // namespace twinlock
