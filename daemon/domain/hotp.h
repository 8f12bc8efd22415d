// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_HOTP_H
#define TWINLOCK_DAEMON_DOMAIN_HOTP_H

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "daemon/domain/authentication_method.h"

namespace twinlock {

// What a code is to one authenticator.
struct OtpMatch {
  enum class Kind {
    None,
    Spent,  // right, but its moving factor was used already
    Fresh,  // right, and `factor` may be claimed
  };

  Kind kind = Kind::None;
  MovingFactor factor = 0;
};

// The HOTP value for one moving factor, `digits` long (RFC 4226 §5.3, with the digests of RFC
// 6238). Throws if the seed has no bytes.
[[nodiscard]] std::uint32_t hotp_value(HashAlgorithm algorithm,
                                       std::span<const std::uint8_t> seed,
                                       MovingFactor factor,
                                       int digits);

// Compares `code`, decimal digits, with the values of the moving factors `first` to `last`, all of
// them whatever matches (S86). Fresh for the lowest match above `spent`; Spent for one up to it.
[[nodiscard]] OtpMatch match_otp(const OtpCredential& credential,
                                 std::string_view code,
                                 MovingFactor first,
                                 MovingFactor last,
                                 MovingFactor spent);

// Looks `look_ahead` counters ahead of the next one (RFC 4226 §7.4).
//
// A match is not yet a login: the caller has to claim the counter before it believes the code.
[[nodiscard]] OtpMatch match_hotp(const OtpCredential& credential,
                                  std::string_view code,
                                  int look_ahead);

// The counter of `second`, if both codes follow one another within the next `look_ahead` counters
// (RFC 4226 §7.4, resynchronisation).
[[nodiscard]] std::optional<MovingFactor> resynchronize_hotp(const OtpCredential& credential,
                                                             std::string_view first,
                                                             std::string_view second,
                                                             int look_ahead);

}  // namespace twinlock

#endif
