// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_LIMITS_H
#define TWINLOCK_DAEMON_HTTP_LIMITS_H

#include <chrono>
#include <cstddef>

// The numbers that defend the listener, in one place (S53, S57, S62, S69). What an administrator
// may change is in ServerSettings, with these as defaults.
namespace twinlock::http {

// One request, in bytes.
inline constexpr std::size_t kMaxRequestLine = 4096;
inline constexpr std::size_t kMaxPath = 2048;
inline constexpr std::size_t kMaxHead = 16 * 1024;  // all header lines with their line ends
inline constexpr std::size_t kMaxHeaderLines = 64;
inline constexpr std::size_t kMaxBody = 64 * 1024;
inline constexpr std::size_t kMaxBulkBody = 1024 * 1024;  // bulk import and templates

// A JSON body.
inline constexpr int kMaxJsonDepth = 16;
inline constexpr std::size_t kMaxJsonMembers = 4096;  // of all objects and arrays together

// One connection, each from its beginning on the monotonic clock.
inline constexpr std::chrono::milliseconds kHandshakeTime{5'000};
inline constexpr std::chrono::milliseconds kHeadTime{5'000};
inline constexpr std::chrono::milliseconds kBodyTime{10'000};
inline constexpr std::chrono::milliseconds kHandlerTime{15'000};
inline constexpr std::chrono::milliseconds kWriteTime{10'000};
inline constexpr std::chrono::milliseconds kIdleTime{5'000};
inline constexpr std::chrono::milliseconds kLingerTime{2'000};  // to read what we were sent
inline constexpr int kRequestsPerConnection = 100;

// All connections together.
inline constexpr std::size_t kMaxConnections = 512;
inline constexpr std::size_t kConnectionsPerSource = 32;  // an IPv4 address or an IPv6 /64
inline constexpr std::size_t kQueuedRequests = 64;
inline constexpr std::size_t kTurnedAwayAtOnce = 64;  // beyond the limit, to be told so
inline constexpr std::size_t kTurnedAwayPerSource = 16;
inline constexpr std::size_t kBulkBodiesAtOnce = 16;  // whoever sends one isn't known yet
inline constexpr std::size_t kWorkers = 16;           // at most; started as they are needed
inline constexpr std::size_t kLoops = 2;              // threads that read and write

// Calls. A bucket passes 40 at once and 8 a second with room to spare (C22).
inline constexpr int kRequestsPerSecond = 20;
inline constexpr int kRequestBurst = 100;
inline constexpr int kFailedAuthenticationsPerMinute = 20;  // of one source; then 60 s of 429
inline constexpr std::chrono::seconds kAuthenticationHold{60};
inline constexpr int kLookupMissesPerHour = 20;  // of one source, for tickets and approvals
inline constexpr int kTicketsPerHour = 60;       // of one token
inline constexpr int kWritesPerMinute = 600;     // of one token

}  // namespace twinlock::http

#endif
