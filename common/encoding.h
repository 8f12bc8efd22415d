// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_COMMON_ENCODING_H
#define TWINLOCK_COMMON_ENCODING_H

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/secret.h"

namespace twinlock {

// Base32 of RFC 4648 §6, upper case, without padding, as otpauth:// URIs carry seeds.
[[nodiscard]] std::string base32_encode(std::span<const std::uint8_t> bytes);

// The strict inverse, for seeds that people type: ignores case, spaces and dashes between the
// groups, accepts padding only at the end and only in the right amount. Nothing for any other
// character, an impossible length, or bits that are left over and not zero.
[[nodiscard]] std::optional<Secret> base32_decode(std::string_view text);

// Base64url of RFC 4648 §5 without padding; the decoder refuses everything else (S94).
[[nodiscard]] std::string base64url_encode(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text);

// Lower case; the decoder takes both cases and only an even number of digits.
[[nodiscard]] std::string hex_encode(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> hex_decode(std::string_view text);

// `text`, seen as bytes.
[[nodiscard]] inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Whether `text` is well-formed UTF-8 (Unicode 15 §3.9, table 3-7): no overlong forms, no
// surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

// `text` made safe to show on a terminal (S21): C0 and C1 controls (newline too unless
// `keep_newlines`), DEL, bidirectional overrides and isolates, and bytes that aren't UTF-8 are
// dropped; the result is at most `max_bytes` long and never ends inside a character.
[[nodiscard]] std::string printable(std::string_view text,
                                    std::size_t max_bytes,
                                    bool keep_newlines = false);

// Whether printable() would leave `text` as it is.
[[nodiscard]] bool is_printable(std::string_view text);

// How many bytes the character has that `text` begins with, if printable() keeps it; 0 if it drops
// it. `text` is not empty.
[[nodiscard]] std::size_t printable_length(std::string_view text);

// `text` for whoever has to find out what is wrong with it: what printable() drops is spelled out,
// as \x1b (a control, or a byte that isn't UTF-8) or \u202e (any other), and a backslash as two.
// At most `max_bytes` long, which is at least 3; what was cut ends in "...".
[[nodiscard]] std::string escaped(std::string_view text, std::size_t max_bytes);

}  // namespace twinlock

#endif
