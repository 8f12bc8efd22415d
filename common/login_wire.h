// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_COMMON_LOGIN_WIRE_H
#define TWINLOCK_COMMON_LOGIN_WIRE_H

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

// The words of the D-Bus protocol as module, daemon and command line share them.
// docs/login-protocol.md explains them; common/dbus/*.xml has the signatures.
namespace twinlock::wire {

// The same object has two names: the bus lets anybody call the first, and only root the second,
// where logins wait behind nobody else's calls.
inline constexpr const char* kBusName = "org.twinlock.Twinlock1";
inline constexpr const char* kRootBusName = "org.twinlock.Twinlock1.Root";
inline constexpr const char* kObjectPath = "/org/twinlock/Twinlock1";
inline constexpr const char* kLoginInterface = "org.twinlock.Login1";
inline constexpr const char* kEnrollmentInterface = "org.twinlock.Enrollment1";
inline constexpr const char* kAdministrationInterface = "org.twinlock.Administration1";

// Arguments of Begin and Answer, and what both return.
inline constexpr const char* kBeginSignature = "aysssssssu";
inline constexpr const char* kAnswerSignature = "sayayay";
inline constexpr const char* kStepSignature = "ayssa(us)usays";

// What to do next: the `kind` of a step. Numbers are never reused; a front end that meets one it
// doesn't know denies (S145).
enum class StepKind : std::uint32_t {
  PromptHidden = 1,   // ask with `text`, without echo, and send the answer
  PromptVisible = 2,  // the same, with echo
  Assert = 3,         // hand `payload` (a FIDO2 request) to a security key plugged in here
  Wait = 4,           // ask again with an empty answer
  Granted = 5,
  Exempt = 6,       // no second factor is needed: PAM_IGNORE, never PAM_SUCCESS (S02)
  Denied = 7,       // wrong, on hold, expired
  Exhausted = 8,    // wrong, and it was the last answer allowed
  Unavailable = 9,  // no decision could be reached
};

// The kind that `number` names, if there is one.
[[nodiscard]] std::optional<StepKind> step_kind(std::uint32_t number);

// Whether a step wants an answer; the others are decisions.
[[nodiscard]] bool asks(StepKind kind);

// Whether this decision lets the user in: granted, or exempt.
[[nodiscard]] bool lets_in(StepKind kind);

enum class MessageKind : std::uint32_t { Information = 1, Error = 2 };

// The kind that `number` names, if there is one.
[[nodiscard]] std::optional<MessageKind> message_kind(std::uint32_t number);

// Bits of `capabilities` in Begin.
inline constexpr std::uint32_t kInteractive = 1U << 0U;         // somebody can answer
inline constexpr std::uint32_t kLocalTerminal = 1U << 1U;       // a console of this machine
inline constexpr std::uint32_t kLocalAuthenticator = 1U << 2U;  // can answer an Assert step

// Limits that both ends enforce (docs/login-protocol.md).
inline constexpr std::size_t kNonceSize = 16;
inline constexpr std::size_t kMaxUser = 256;
inline constexpr std::size_t kMaxService = 64;
inline constexpr std::size_t kMaxRemoteHost = 255;
inline constexpr std::size_t kMaxTerminal = 64;
inline constexpr std::size_t kMaxLocale = 64;
inline constexpr std::size_t kMaxAnswer = 511;
inline constexpr std::size_t kMaxMessage = 512;
inline constexpr std::size_t kMaxMessages = 32;
inline constexpr std::size_t kMaxPrompt = 4096;
inline constexpr std::size_t kMaxPayload = 4096;
inline constexpr std::size_t kMaxArguments = 65536;  // of one call, together

// PAM's own limit: a program that sends more is broken (pam_conv(3), PAM_MAX_RESP_SIZE).
inline constexpr std::size_t kPamResponseSize = 512;

}  // namespace twinlock::wire

#endif
