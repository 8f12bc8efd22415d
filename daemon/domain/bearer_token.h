// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_BEARER_TOKEN_H
#define TWINLOCK_DAEMON_DOMAIN_BEARER_TOKEN_H

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/secret.h"

namespace twinlock {

using Sha256Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256Digest sha256_of(std::string_view text);

// What a token is for; each has a prefix of its own, which secret scanners know (S64).
enum class TokenKind {
  Access,        // "tla_"
  ClientSecret,  // "tls_"
};

inline constexpr std::size_t kTokenBytes = 32;

// The prefix, 43 characters of base64url for 256 random bits, and six for a checksum: the first
// bytes of the SHA-256 of all before it.
[[nodiscard]] Secret make_token(TokenKind kind, std::span<const std::uint8_t, kTokenBytes> random);

// What is stored of a token and found by it: the SHA-256 of its text. Nothing for a text that is
// none of this kind: it was mistyped, cut or never ours, and nobody has to look for it.
[[nodiscard]] std::optional<Sha256Digest> token_hash(TokenKind kind, std::string_view text);

// The first 8 hex digits of a hash: what may be logged of a token (S124).
[[nodiscard]] std::string token_name(const Sha256Digest& hash);

}  // namespace twinlock

#endif
