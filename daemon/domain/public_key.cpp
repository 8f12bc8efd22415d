// SPDX-License-Identifier: MIT
#include "daemon/domain/public_key.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace twinlock {
namespace {

constexpr std::size_t kLongestPem = 8192;
constexpr int kShortestRsa = 2048;
constexpr int kLongestRsa = 8192;
constexpr std::size_t kEs256Half = 32;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;

Key read_key(const std::string& pem) {
  if (pem.empty() || pem.size() > kLongestPem) return nullptr;
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

bool is_on_p256(EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t length = 0;
  return EVP_PKEY_get_utf8_string_param(
             key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(), &length) == 1 &&
         std::string_view(name.data(), length) == "prime256v1";
}

std::optional<SignatureAlgorithm> algorithm_of(EVP_PKEY* key) {
  if (key == nullptr) return std::nullopt;
  const int bits = EVP_PKEY_get_bits(key);
  if (EVP_PKEY_is_a(key, "RSA") == 1 && bits >= kShortestRsa && bits <= kLongestRsa) {
    return SignatureAlgorithm::Rs256;
  }
  if (EVP_PKEY_is_a(key, "EC") == 1 && is_on_p256(key)) return SignatureAlgorithm::Es256;
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return SignatureAlgorithm::EdDsa;
  return std::nullopt;
}

// The DER form that OpenSSL wants; empty if it has the wrong length.
std::vector<std::uint8_t> der_of_es256(std::span<const std::uint8_t> raw) {
  if (raw.size() != 2 * kEs256Half) return {};
  const std::unique_ptr<ECDSA_SIG, Free> pair(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(raw.data(), kEs256Half, nullptr);
  BIGNUM* s = BN_bin2bn(raw.data() + kEs256Half, kEs256Half, nullptr);
  if (!pair || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  if (size <= 0) return {};
  std::vector<std::uint8_t> der(static_cast<std::size_t>(size));
  unsigned char* end = der.data();
  i2d_ECDSA_SIG(pair.get(), &end);
  return der;
}

}  // namespace

std::string_view signature_algorithm_name(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::Rs256:
      return "RS256";
    case SignatureAlgorithm::Es256:
      return "ES256";
    case SignatureAlgorithm::EdDsa:
      return "EdDSA";
  }
  return "";
}

std::optional<SignatureAlgorithm> signature_algorithm_of(const std::string& pem) {
  return algorithm_of(read_key(pem).get());
}

Signature verify_signature(const std::string& pem,
                           std::string_view data,
                           std::span<const std::uint8_t> signature) {
  const auto key = read_key(pem);
  const auto algorithm = algorithm_of(key.get());
  if (!algorithm) return Signature::Wrong;
  std::vector<std::uint8_t> form(signature.begin(), signature.end());
  if (*algorithm == SignatureAlgorithm::Es256) form = der_of_es256(signature);
  if (form.empty()) return Signature::Wrong;
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  const EVP_MD* digest = *algorithm == SignatureAlgorithm::EdDsa ? nullptr : EVP_sha256();
  if (!context || EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) != 1) {
    return Signature::Wrong;
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  const int verified =
      EVP_DigestVerify(context.get(), form.data(), form.size(), bytes, data.size());
  return verified == 1 ? Signature::Right : Signature::Wrong;
}

}  // namespace twinlock
