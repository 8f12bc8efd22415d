// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_FACTOR_H
#define TWINLOCK_DAEMON_DOMAIN_FACTOR_H

#include <array>
#include <optional>
#include <string_view>

namespace twinlock {

// A kind of authenticator that an administrator switches on, by Guardian's names.
enum class Factor { Otp = 1, RecoveryCode = 2 };

inline constexpr std::array kFactors{Factor::Otp, Factor::RecoveryCode};

// "otp", "recovery-code".
[[nodiscard]] std::string_view factor_name(Factor factor);
[[nodiscard]] std::optional<Factor> factor_named(std::string_view name);

}  // namespace twinlock

#endif
