// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_LIMITS_H
#define TWINLOCK_DAEMON_DOMAIN_LIMITS_H

#include <array>
#include <chrono>
#include <cstddef>

// The numbers that defend a login, in one place. What an administrator may change is in Settings,
// with these as defaults.
namespace twinlock {

using namespace std::chrono_literals;

// Conversations (S41, S42).
inline constexpr int kAnswersPerConversation = 3;
inline constexpr int kAnswersPerTest = 1;  // a test says why: one code, one decision, one record
inline constexpr std::chrono::seconds kConversationLifetime = 120s;
inline constexpr std::chrono::seconds kReplayWindow = 30s;  // the same nonce returns the same step
inline constexpr int kLiveConversations = 5;      // per user and source; the oldest gives way
inline constexpr int kConversationsPerHour = 20;  // per user and source, granted ones not counted
inline constexpr std::chrono::seconds kProofLifetime = 5min;  // S74: an authenticator shown lately

// Guessing (S89). The hold after the n-th failure in a row.
inline constexpr std::array<std::chrono::seconds, 10> kHoldLadder{
    0s, 0s, 5s, 15s, 30s, 60s, 2min, 5min, 10min, 15min};
inline constexpr int kNarrowWindowFailures = 10;  // from here on only the current step counts
inline constexpr int kDisablingFailures = 100;
inline constexpr int kFailuresPerHour = 10;
inline constexpr int kFailuresPerDay = 30;
inline constexpr int kPlaceFailuresPerHour = 5;    // each allowance beside the common budget
inline constexpr int kSessionFailuresPerDay = 10;  // of a session's own besides
inline constexpr int kRecoveryFailuresPerHour = 5;
inline constexpr std::chrono::seconds kRecoveryHold = 15min;
inline constexpr int kRecoveryAlertFailures = 20;
inline constexpr int kKnownPlaces = 16;
inline constexpr std::chrono::hours kKnownPlaceLifetime = 30 * 24h;

// Authenticators.
inline constexpr std::size_t kOtpMethodsPerUser = 5;  // the same of phones, and of addresses
inline constexpr std::size_t kKeysPerUser = 20;       // security keys and passkeys together
inline constexpr std::size_t kUnconfirmedPerUser = 5;
inline constexpr std::chrono::seconds kUnconfirmedLifetime = 1h;
inline constexpr std::size_t kMinSeedBytes = 10;   // RFC 4226 §4 R6 asks for 16; old tools made 10
inline constexpr std::size_t kWeakSeedBytes = 16;  // below this a method is flagged weak
inline constexpr std::size_t kMaxSeedBytes = 128;
inline constexpr int kTotpWindow = 1;      // steps either side
inline constexpr int kHotpLookAhead = 10;  // RFC 4226 §7.4
inline constexpr int kHotpResynchronize = 50;
inline constexpr int kTotpResynchronize = 10;  // S90
inline constexpr int kRecoveryCodes = 10;
inline constexpr std::size_t kMethodNameBytes = 64;
inline constexpr int kChangesPerHour = 60;  // of a user's own methods, by itself

inline constexpr std::chrono::hours kTicketLifetime = 5 * 24h;  // S75

// S90: how far the clock may stand behind the latest time it ever showed.
inline constexpr std::chrono::seconds kClockTolerance = 120s;

// S148: what a deleted account leaves behind goes after this.
inline constexpr std::chrono::hours kDeletedAccountLifetime = 30 * 24h;
inline constexpr std::chrono::hours kAuditLifetime = 400 * 24h;

}  // namespace twinlock

#endif
