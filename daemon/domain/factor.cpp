// SPDX-License-Identifier: MIT
#include "daemon/domain/factor.h"

namespace twinlock {

std::string_view factor_name(Factor factor) {
  switch (factor) {
    case Factor::Otp:
      return "otp";
    case Factor::RecoveryCode:
      return "recovery-code";
    case Factor::Sms:
      return "sms";
    case Factor::PushNotification:
      return "push-notification";
    case Factor::Email:
      return "email";
    case Factor::Duo:
      return "duo";
    case Factor::WebauthnRoaming:
      return "webauthn-roaming";
    case Factor::WebauthnPlatform:
      return "webauthn-platform";
  }
  return "";
}

std::optional<Factor> factor_named(std::string_view name) {
  for (const auto factor : kFactors) {
    if (factor_name(factor) == name) return factor;
  }
  return std::nullopt;
}

}  // namespace twinlock
