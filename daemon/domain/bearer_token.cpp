// SPDX-License-Identifier: MIT
#include "daemon/domain/bearer_token.h"

#include <openssl/evp.h>

#include <stdexcept>

#include "common/encoding.h"

namespace twinlock {
namespace {

constexpr std::size_t kPrefixLength = 4;
constexpr std::size_t kRandomLength = 43;  // base64url of 32 bytes
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kBodyLength = kPrefixLength + kRandomLength;
constexpr std::size_t kTokenLength = kBodyLength + 6;  // base64url of 4 bytes

std::string_view prefix_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::Access:
      return "tla_";
    case TokenKind::ClientSecret:
      return "tls_";
  }
  return "";
}

std::string checksum_of(std::string_view body) {
  const auto hash = sha256_of(body);
  return base64url_encode(std::span(hash).first<kChecksumBytes>());
}

}  // namespace

Sha256Digest sha256_of(std::string_view text) {
  Sha256Digest hash{};
  unsigned length = 0;
  static const EVP_MD* const kSha256 =
      EVP_MD_fetch(nullptr, "SHA2-256", nullptr);  // once: it costs
  if (EVP_Digest(text.data(), text.size(), hash.data(), &length, kSha256, nullptr) != 1 ||
      length != hash.size()) {
    throw std::runtime_error("no SHA-256");
  }
  return hash;
}

Secret make_token(TokenKind kind, std::span<const std::uint8_t, kTokenBytes> random) {
  std::string text(prefix_of(kind));
  text.reserve(kTokenLength);
  auto body = base64url_encode(random);
  text += body;
  text += checksum_of(text);
  Secret token(text);
  for (auto* copy : {&text, &body}) {
    wipe({reinterpret_cast<std::uint8_t*>(copy->data()), copy->size()});
  }
  return token;
}

std::optional<Sha256Digest> token_hash(TokenKind kind, std::string_view text) {
  if (text.size() != kTokenLength || !text.starts_with(prefix_of(kind))) return std::nullopt;
  if (checksum_of(text.substr(0, kBodyLength)) != text.substr(kBodyLength)) return std::nullopt;
  return sha256_of(text);
}

std::string token_name(const Sha256Digest& hash) {
  constexpr std::size_t kNameBytes = 4;
  return hex_encode(std::span(hash).first<kNameBytes>());
}

}  // namespace twinlock
