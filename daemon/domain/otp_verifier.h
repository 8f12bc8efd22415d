// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_OTP_VERIFIER_H
#define TWINLOCK_DAEMON_DOMAIN_OTP_VERIFIER_H

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/domain/authentication_method.h"
#include "daemon/domain/hotp.h"
#include "daemon/domain/instant.h"

namespace twinlock {

struct OtpWindow {
  int totp;  // steps either side
  int hotp;  // counters ahead
};

struct OtpFinding {
  OtpMatch::Kind kind = OtpMatch::Kind::None;
  MovingFactor factor = 0;
  const OtpCredential* credential = nullptr;  // of a match: one of those given
};

// Which of a user's authenticators made `code`. Every credential is looked at whatever matches,
// and somebody who has none costs as much as somebody with one (S86).
//
// A finding is not yet a login: the caller has to claim its factor before it believes the code.
[[nodiscard]] OtpFinding find_otp(const std::vector<OtpCredential>& credentials,
                                  std::string_view code,
                                  WallTime now,
                                  const OtpWindow& window);

// The work of find_otp() for somebody with one authenticator; the result is thrown away.
void pretend_to_find_otp(std::string_view code, WallTime now, const OtpWindow& window);

}  // namespace twinlock

#endif
