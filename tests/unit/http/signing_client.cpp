// SPDX-License-Identifier: MIT
#include "tests/unit/http/signing_client.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "common/encoding.h"

namespace twinlock::http {
namespace {

EVP_PKEY* generate(SigningClient::Kind kind) {
  switch (kind) {
    case SigningClient::Kind::Rsa:
      return EVP_RSA_gen(2048);
    case SigningClient::Kind::ShortRsa:
      return EVP_RSA_gen(1024);
    case SigningClient::Kind::Ec:
      return EVP_EC_gen("P-256");
    case SigningClient::Kind::OtherCurve:
      return EVP_EC_gen("P-384");
    case SigningClient::Kind::Ed25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
  return nullptr;
}

// RFC 7518 §3.4: two numbers of 32 bytes instead of DER.
std::vector<std::uint8_t> raw_of(const std::vector<std::uint8_t>& der) {
  const auto* bytes = der.data();
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
  std::vector<std::uint8_t> raw(64);
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw.data() + 32, 32);
  ECDSA_SIG_free(pair);
  return raw;
}

}  // namespace

void SigningClient::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

SigningClient::SigningClient(Kind kind) : kind_(kind), key_(generate(kind)) {
  if (!key_) throw std::runtime_error("no key");
}

std::string SigningClient::public_key() const {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PUBKEY(bio.get(), key_.get());
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string SigningClient::algorithm() const {
  if (kind_ == Kind::Ed25519) return "EdDSA";
  return kind_ == Kind::Rsa || kind_ == Kind::ShortRsa ? "RS256" : "ES256";
}

std::string SigningClient::token(const Json& header, const Json& claims) const {
  const auto part = [](const Json& json) { return base64url_encode(bytes_of(json.dump())); };
  const auto data = part(header) + '.' + part(claims);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const EVP_MD* digest = kind_ == Kind::Ed25519 ? nullptr : EVP_sha256();
  EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get());
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  std::size_t size = 0;
  EVP_DigestSign(context.get(), nullptr, &size, bytes, data.size());
  std::vector<std::uint8_t> signature(size);
  EVP_DigestSign(context.get(), signature.data(), &size, bytes, data.size());
  signature.resize(size);
  if (kind_ == Kind::Ec) signature = raw_of(signature);
  return data + '.' + base64url_encode(signature);
}

}  // namespace twinlock::http
