// SPDX-License-Identifier: MIT
#include "daemon/domain/signing_keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "common/encoding.h"

namespace twinlock {
namespace {

constexpr unsigned kBits = 2048;  // what every client verifies; a key lives for 90 days

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;

Error broken(const char* what) { return {ErrorCode::Internal, what}; }

struct KeyPair {
  std::string public_key;
  Secret private_key;
};

Result<KeyPair> generate() {
  const Key key(EVP_RSA_gen(kBits));
  if (!key) return broken("no RSA key could be made");
  unsigned char* bytes = nullptr;
  const int public_size = i2d_PUBKEY(key.get(), &bytes);
  if (public_size <= 0) return broken("a public key could not be written");
  const std::unique_ptr<unsigned char, Free> public_bytes(bytes);
  // PKCS #8, as i2d_PrivateKey() has it only for keys without a form of their own.
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info(
      EVP_PKEY2PKCS8(key.get()), &PKCS8_PRIV_KEY_INFO_free);
  const int private_size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr) : 0;
  if (private_size <= 0) return broken("a private key could not be written");
  Secret private_key(static_cast<std::size_t>(private_size));
  unsigned char* end = private_key.bytes().data();
  i2d_PKCS8_PRIV_KEY_INFO(info.get(), &end);
  return KeyPair{.public_key = {reinterpret_cast<const char*>(public_bytes.get()),
                                static_cast<std::size_t>(public_size)},
                 .private_key = std::move(private_key)};
}

std::optional<std::string> number_in(EVP_PKEY* key, const char* name) {
  BIGNUM* found = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &found) != 1) return std::nullopt;
  const std::unique_ptr<BIGNUM, Free> number(found);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return base64url_encode(bytes);
}

Result<PublicSigningKey> published_form(const SigningKey& stored) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(stored.public_key.data());
  const Key key(d2i_PUBKEY(nullptr, &bytes, static_cast<long>(stored.public_key.size())));
  if (!key) return broken("a public key in the store can't be read");
  auto modulus = number_in(key.get(), OSSL_PKEY_PARAM_RSA_N);
  auto exponent = number_in(key.get(), OSSL_PKEY_PARAM_RSA_E);
  if (!modulus || !exponent) return broken("a public key in the store is no RSA key");
  return PublicSigningKey{
      .id = stored.id, .modulus = *std::move(modulus), .exponent = *std::move(exponent)};
}

AuditEvent event_of(AuditEventType type, const SigningKey& key, WallTime when) {
  AuditEvent event{};
  event.time = when;
  event.type = type;
  attribute(event, "twinlockd");
  event.detail = "key " + key.id;
  return event;
}

}  // namespace

Status SigningKeys::make(std::string_view newest, WallTime now) {
  auto pair = generate();
  if (!pair) return pair.error();
  std::array<std::uint8_t, 16> id{};
  ports_.random.fill(id);
  auto made = *std::move(pair);
  const SigningKey key{.id = base64url_encode(id),
                       .public_key = std::move(made.public_key),
                       .private_key = std::move(made.private_key),
                       .created = now};
  const auto event = event_of(AuditEventType::SigningKeyMade, key, now);
  const auto added = ports_.store.add_signing_key(key, newest, event);
  if (!added) return added.error();
  if (*added == Claim::Won) ports_.audit.written(event);
  return Done{};
}

Status SigningKeys::record_removal(const SigningKey& key, WallTime now) {
  const auto event = event_of(AuditEventType::SigningKeyDeleted, key, now);
  const auto removed = ports_.store.remove_signing_key(key.id, event);
  if (!removed) return removed.error();
  if (*removed == Claim::Won) ports_.audit.written(event);
  return Done{};
}

Result<std::vector<PublicSigningKey>> SigningKeys::published() {
  auto stored = ports_.store.signing_keys();
  if (!stored) return stored.error();
  if (stored->empty()) {
    if (const auto renewed = renew(); !renewed) return renewed.error();
    stored = ports_.store.signing_keys();
    if (!stored) return stored.error();
  }
  std::vector<PublicSigningKey> keys;
  for (const auto& key : *stored) {
    auto form = published_form(key);
    if (!form) return form.error();
    keys.push_back(*std::move(form));
  }
  return keys;
}

Status SigningKeys::renew() {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  const auto stored = ports_.store.signing_keys();
  if (!stored) return stored.error();
  const auto& keys = *stored;
  if (keys.empty() || keys.back().created + kSigningKeyLife <= now->wall) {
    return make(keys.empty() ? "" : keys.back().id, now->wall);
  }
  // One is needed for as long as a token that it signed last may be shown.
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    if (keys[i + 1].created + kSigningKeyOverlap > now->wall) continue;
    if (const auto gone = record_removal(keys[i], now->wall); !gone) return gone;
  }
  return Done{};
}

}  // namespace twinlock
