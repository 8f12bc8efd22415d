// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_RECOVERY_CODE_H
#define TWINLOCK_DAEMON_DOMAIN_RECOVERY_CODE_H

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/secret.h"
#include "daemon/domain/authentication_method.h"

// Recovery codes (S105): 120 random bits, written as 24 letters and digits of Crockford's base32,
// shown in groups of four.
namespace twinlock {

inline constexpr std::size_t kRecoveryCodeBytes = 15;
inline constexpr std::size_t kRecoveryCodeLength = 24;

// The 24 characters for 15 random bytes, without dashes.
[[nodiscard]] Secret make_recovery_code(std::span<const std::uint8_t, kRecoveryCodeBytes> random);

// "KJ7P-2M4X-…": the form that people read and write.
[[nodiscard]] std::string grouped(const Secret& code);

// What somebody typed, brought to the stored form: case, spaces and dashes ignored, O read as 0, I
// and L as 1. Nothing if it isn't the form of a recovery code.
[[nodiscard]] std::optional<Secret> normalized_recovery_code(std::string_view typed);

// What is digested in place of the code: it with its method's id, so that equal codes of two users
// have different digests.
[[nodiscard]] Secret recovery_code_input(const MethodId& method, const Secret& normalized);

}  // namespace twinlock

#endif
