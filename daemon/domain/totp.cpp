// SPDX-License-Identifier: MIT
#include "daemon/domain/totp.h"

namespace twinlock {

MovingFactor time_step(WallTime now, std::chrono::seconds period) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() / period;
}

OtpMatch match_totp(const OtpCredential& credential,
                    std::string_view code,
                    WallTime now,
                    int window) {
  const MovingFactor current = time_step(now, credential.parameters.period) + credential.offset;
  return match_otp(credential, code, current - window, current + window, credential.last_used);
}

std::optional<TotpSynchronization> resynchronize_totp(const OtpCredential& credential,
                                                      std::string_view first,
                                                      std::string_view second,
                                                      WallTime now,
                                                      int reach) {
  const MovingFactor current = time_step(now, credential.parameters.period);
  for (int offset = -reach; offset <= reach; ++offset) {
    const MovingFactor step = current + offset;
    const auto two = match_otp(credential, second, step, step, credential.last_used);
    const auto one = match_otp(credential, first, step - 1, step - 1, credential.last_used);
    if (one.kind == OtpMatch::Kind::Fresh && two.kind == OtpMatch::Kind::Fresh) {
      return TotpSynchronization{offset, step};
    }
  }
  return std::nullopt;
}

}  // namespace twinlock
