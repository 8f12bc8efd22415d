// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_PUBLIC_KEY_H
#define TWINLOCK_DAEMON_DOMAIN_PUBLIC_KEY_H

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace twinlock {

// With which a client signs who it is. A key has one algorithm and no other (S64), by the names of
// RFC 7518 §3.1 and RFC 8037.
enum class SignatureAlgorithm { Rs256, Es256, EdDsa };

[[nodiscard]] std::string_view signature_algorithm_name(SignatureAlgorithm algorithm);

// The algorithm of a public key in PEM: RSA of 2048 to 8192 bits, ECDSA on P-256, Ed25519. Nothing
// for anything else.
[[nodiscard]] std::optional<SignatureAlgorithm> signature_algorithm_of(const std::string& pem);

enum class Signature { Wrong, Right };

// Whether `signature` (in the form of RFC 7518 §3: of ES256, two numbers of 32 bytes) is that of
// the key over `data`. Wrong for whatever can't be read.
[[nodiscard]] Signature verify_signature(const std::string& pem,
                                         std::string_view data,
                                         std::span<const std::uint8_t> signature);

}  // namespace twinlock

#endif
