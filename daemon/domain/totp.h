// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_TOTP_H
#define TWINLOCK_DAEMON_DOMAIN_TOTP_H

#include <chrono>
#include <optional>
#include <string_view>

#include "daemon/domain/authentication_method.h"
#include "daemon/domain/hotp.h"
#include "daemon/domain/instant.h"

namespace twinlock {

// The time step of `now`: T of RFC 6238 §4.2, with T0 = 0.
[[nodiscard]] MovingFactor time_step(WallTime now, std::chrono::seconds period);

// What `code` is within `window` steps either side of the authenticator's current one.
//
// A match is not yet a login: RFC 6238 §5.2 forbids a second use, so the caller has to claim the
// step before it believes the code. Takes the same time for every code of the right length.
[[nodiscard]] OtpMatch match_totp(const OtpCredential& credential,
                                  std::string_view code,
                                  WallTime now,
                                  int window);

// Where an authenticator's clock stands, from two consecutive codes.
struct TotpSynchronization {
  int offset;         // steps that it is ahead
  MovingFactor used;  // the second code's step
};

// Nothing if no two consecutive steps within `reach` steps either side of the true one give both
// codes, or if they are spent (S90).
[[nodiscard]] std::optional<TotpSynchronization> resynchronize_totp(const OtpCredential& credential,
                                                                    std::string_view first,
                                                                    std::string_view second,
                                                                    WallTime now,
                                                                    int reach);

}  // namespace twinlock

#endif
