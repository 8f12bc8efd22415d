// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_COMMON_OTPAUTH_URI_H
#define TWINLOCK_COMMON_OTPAUTH_URI_H

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace twinlock {

// What an authenticator app reads from a QR code ("Key Uri Format" of Google Authenticator).
struct OtpauthUri {
  std::string_view kind;     // "totp" or "hotp"
  std::string_view issuer;   // shown above the code; must not contain ':'
  std::string_view account;  // shown beneath it
  std::span<const std::uint8_t> seed;
  std::string_view algorithm;  // "SHA1", "SHA256" or "SHA512"
  int digits;
  int period;             // seconds; totp only
  std::uint64_t counter;  // hotp only
};

// The URI. Label and issuer are percent-encoded (RFC 3986 §2.1), the issuer stands in both places
// that apps look at, and parameters that have their default value are named all the same: apps
// disagree about defaults.
[[nodiscard]] std::string otpauth_uri(const OtpauthUri& uri);

}  // namespace twinlock

#endif
