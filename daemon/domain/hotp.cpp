// SPDX-License-Identifier: MIT
#include "daemon/domain/hotp.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <stdexcept>

namespace twinlock {
namespace {

constexpr std::size_t kLongestDigest = 64;

struct MacContextDeleter {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, MacContextDeleter>;

const char* openssl_name(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::Sha1:
      return "SHA1";
    case HashAlgorithm::Sha256:
      return "SHA256";
    case HashAlgorithm::Sha512:
      return "SHA512";
  }
  throw std::logic_error("no such hash algorithm");
}

MacContext make_context(HashAlgorithm algorithm) {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  MacContext context(EVP_MAC_CTX_new(mac));
  EVP_MAC_free(mac);  // the context keeps its own reference
  if (!context) throw std::bad_alloc();
  // OSSL_PARAM has no const member for a string that is only read.
  char* digest = const_cast<char*>(openssl_name(algorithm));
  const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                              OSSL_PARAM_construct_end()};
  if (EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1) {
    throw std::runtime_error("libcrypto has no HMAC with this digest");
  }
  return context;
}

// One context for each thread and digest: setting the digest by name costs more than the HMAC.
EVP_MAC_CTX* context_of_this_thread(HashAlgorithm algorithm) {
  thread_local std::array<MacContext, 4> contexts;
  auto& context = contexts[static_cast<std::size_t>(algorithm)];
  if (!context) context = make_context(algorithm);
  return context.get();
}

std::uint32_t power_of_ten(int digits) {
  std::uint32_t power = 1;
  for (int i = 0; i < digits; ++i) power *= 10;
  return power;
}

// All ones if both are equal, otherwise zero, without a branch.
std::uint64_t mask_if_equal(std::uint32_t a, std::uint32_t b) {
  const std::uint64_t difference = a ^ b;
  return std::uint64_t{0} - (((difference - 1) & ~difference) >> 63U);
}

// The value of decimal digits; nothing if there are other characters or another number of them.
std::optional<std::uint32_t> value_of(std::string_view code, int digits) {
  if (code.size() != static_cast<std::size_t>(digits)) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : code) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return value;
}

}  // namespace

std::uint32_t hotp_value(HashAlgorithm algorithm,
                         std::span<const std::uint8_t> seed,
                         MovingFactor factor,
                         int digits) {
  // Given no key, libcrypto would go on with the one that this thread used last: somebody else's.
  if (seed.empty()) throw std::invalid_argument("a seed without bytes");
  std::array<std::uint8_t, 8> message{};
  auto rest = static_cast<std::uint64_t>(factor);
  for (std::size_t i = message.size(); i-- > 0; rest >>= 8U) {
    message[i] = static_cast<std::uint8_t>(rest);
  }
  std::array<std::uint8_t, kLongestDigest> digest{};
  std::size_t size = 0;
  EVP_MAC_CTX* context = context_of_this_thread(algorithm);
  if (EVP_MAC_init(context, seed.data(), seed.size(), nullptr) != 1 ||
      EVP_MAC_update(context, message.data(), message.size()) != 1 ||
      EVP_MAC_final(context, digest.data(), &size, digest.size()) != 1) {
    throw std::runtime_error("HMAC failed");
  }
  // Dynamic truncation, RFC 4226 §5.4.
  const std::size_t offset = digest[size - 1] & 0x0FU;
  const std::uint32_t truncated = (static_cast<std::uint32_t>(digest[offset] & 0x7FU) << 24U) |
                                  (static_cast<std::uint32_t>(digest[offset + 1]) << 16U) |
                                  (static_cast<std::uint32_t>(digest[offset + 2]) << 8U) |
                                  static_cast<std::uint32_t>(digest[offset + 3]);
  wipe(digest);
  return truncated % power_of_ten(digits);
}

OtpMatch match_otp(const OtpCredential& credential,
                   std::string_view code,
                   MovingFactor first,
                   MovingFactor last,
                   MovingFactor spent) {
  const auto& parameters = credential.parameters;
  const auto value = value_of(code, parameters.digits);
  std::uint64_t fresh = 0;      // the lowest fresh match, plus one
  std::uint64_t was_spent = 0;  // all ones if a spent one matches
  for (MovingFactor factor = first; factor <= last; ++factor) {
    const auto expected =
        hotp_value(parameters.algorithm, credential.seed.bytes(), factor, parameters.digits);
    const std::uint64_t match = mask_if_equal(expected, value.value_or(~std::uint32_t{0}));
    const bool is_spent = factor <= spent;  // known to everybody: no secret in this branch
    if (is_spent) {
      was_spent |= match;
    } else {
      const std::uint64_t none_yet = std::uint64_t{0} - (((fresh - 1) & ~fresh) >> 63U);
      fresh |= match & none_yet & (static_cast<std::uint64_t>(factor) + 1);
    }
  }
  if (fresh != 0) return {OtpMatch::Kind::Fresh, static_cast<MovingFactor>(fresh - 1)};
  if (was_spent != 0) return {OtpMatch::Kind::Spent, 0};
  return {};
}

OtpMatch match_hotp(const OtpCredential& credential, std::string_view code, int look_ahead) {
  const MovingFactor next = credential.last_used + 1;
  // One back as well, so that the log can tell a code used twice from a wrong one.
  const MovingFactor first = next > 0 ? next - 1 : next;
  return match_otp(credential, code, first, next + look_ahead - 1, credential.last_used);
}

std::optional<MovingFactor> resynchronize_hotp(const OtpCredential& credential,
                                               std::string_view first,
                                               std::string_view second,
                                               int look_ahead) {
  const MovingFactor next = credential.last_used + 1;
  for (MovingFactor factor = next; factor + 1 < next + look_ahead; ++factor) {
    const auto one = match_otp(credential, first, factor, factor, credential.last_used);
    const auto two = match_otp(credential, second, factor + 1, factor + 1, credential.last_used);
    if (one.kind == OtpMatch::Kind::Fresh && two.kind == OtpMatch::Kind::Fresh) return two.factor;
  }
  return std::nullopt;
}

}  // namespace twinlock
