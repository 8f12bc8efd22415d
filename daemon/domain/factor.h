// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_FACTOR_H
#define TWINLOCK_DAEMON_DOMAIN_FACTOR_H

#include <array>
#include <optional>
#include <string_view>

namespace twinlock {

// A kind of authenticator that an administrator switches on, by Guardian's names. The numbers are
// stored: never reused.
enum class Factor {
  Otp = 1,
  RecoveryCode = 2,
  Sms = 3,  // a phone, called as well as written to
  PushNotification = 4,
  Email = 5,
  Duo = 6,
  WebauthnRoaming = 7,
  WebauthnPlatform = 8,
};

// In the order that Guardian lists them in.
inline constexpr std::array kFactors{Factor::Sms,
                                     Factor::PushNotification,
                                     Factor::Otp,
                                     Factor::Email,
                                     Factor::Duo,
                                     Factor::WebauthnRoaming,
                                     Factor::WebauthnPlatform,
                                     Factor::RecoveryCode};

// Those that a login on this host can be answered with, recovery codes apart: with the last one
// switched off nobody logs in any more who keeps none of these (S67).
inline constexpr std::array kLoginFactors{Factor::Otp};

// "sms", "push-notification", "otp", ….
[[nodiscard]] std::string_view factor_name(Factor factor);
[[nodiscard]] std::optional<Factor> factor_named(std::string_view name);

}  // namespace twinlock

#endif
