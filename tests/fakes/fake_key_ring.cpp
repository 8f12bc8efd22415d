// SPDX-License-Identifier: MIT
#include "tests/fakes/fake_key_ring.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <string>

namespace twinlock {
namespace {

constexpr std::size_t kTag = 32;
constexpr std::size_t kKeyName = 4;

using Mac = std::array<std::uint8_t, kTag>;

Mac mac(KeyId key, std::string_view purpose, std::span<const std::uint8_t> data) {
  const std::string secret = "key " + std::to_string(key) + " for " + std::string(purpose);
  Mac result{};
  unsigned size = 0;
  HMAC(EVP_sha256(),
       secret.data(),
       static_cast<int>(secret.size()),
       data.data(),
       data.size(),
       result.data(),
       &size);
  return result;
}

void append(std::vector<std::uint8_t>& bytes, std::span<const std::uint8_t> more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

// XORs the key stream that belongs to `binding`.
void stream(KeyId key,
            std::string_view purpose,
            std::span<const std::uint8_t> binding,
            std::span<std::uint8_t> bytes) {
  Mac block{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % kTag == 0) {
      std::vector<std::uint8_t> input(binding.begin(), binding.end());
      input.push_back(static_cast<std::uint8_t>(i / kTag));
      block = mac(key, std::string(purpose) + " stream", input);
    }
    bytes[i] ^= block[i % kTag];
  }
}

Mac tag_of(KeyId key,
           std::string_view purpose,
           std::span<const std::uint8_t> binding,
           std::span<const std::uint8_t> cipher) {
  std::vector<std::uint8_t> input;
  append(input, mac(key, "binding", binding));
  append(input, cipher);
  return mac(key, std::string(purpose) + " tag", input);
}

}  // namespace

void FakeKeyRing::rotate() {
  const std::scoped_lock lock(mutex_);
  keys_.insert(keys_.begin(), ++newest_);
}

void FakeKeyRing::lose(KeyId key) {
  const std::scoped_lock lock(mutex_);
  std::erase(keys_, key);
}

bool FakeKeyRing::holds(KeyId key) {
  const std::scoped_lock lock(mutex_);
  return std::find(keys_.begin(), keys_.end(), key) != keys_.end();
}

std::vector<KeyId> FakeKeyRing::keys() {
  const std::scoped_lock lock(mutex_);
  return keys_;
}

Result<std::vector<std::uint8_t>> FakeKeyRing::seal(std::string_view purpose,
                                                    std::span<const std::uint8_t> plain,
                                                    std::span<const std::uint8_t> binding) {
  const auto ring = keys();
  if (ring.empty()) return Error{ErrorCode::Unavailable, "the ring has no key"};
  const KeyId key = ring.front();
  std::vector<std::uint8_t> cipher(plain.begin(), plain.end());
  stream(key, purpose, binding, cipher);
  std::vector<std::uint8_t> sealed;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    sealed.push_back(static_cast<std::uint8_t>(key >> (shift - 8)));
  }
  append(sealed, tag_of(key, purpose, binding, cipher));
  append(sealed, cipher);
  return sealed;
}

Result<KeyId> FakeKeyRing::key_of(std::span<const std::uint8_t> sealed) {
  if (sealed.size() < kKeyName + kTag) return Error{ErrorCode::InvalidInput, "not sealed"};
  KeyId key = 0;
  for (const auto byte : sealed.first(kKeyName)) key = (key << 8U) | byte;
  return key;
}

Result<Secret> FakeKeyRing::open(std::string_view purpose,
                                 std::span<const std::uint8_t> sealed,
                                 std::span<const std::uint8_t> binding) {
  const auto key = key_of(sealed);
  if (!key) return key.error();
  if (!holds(*key)) return Error{ErrorCode::Unavailable, "the ring has no such key"};
  const auto tag = sealed.subspan(kKeyName, kTag);
  const auto cipher = sealed.subspan(kKeyName + kTag);
  if (!equal_in_constant_time(tag, tag_of(*key, purpose, binding, cipher))) {
    return Error{ErrorCode::Internal, "the sealed value was altered or moved"};
  }
  Secret plain(cipher);
  stream(*key, purpose, binding, plain.bytes());
  return plain;
}

Result<KeyedDigest> FakeKeyRing::digest(std::string_view purpose,
                                        std::span<const std::uint8_t> data) {
  const auto ring = keys();
  if (ring.empty()) return Error{ErrorCode::Unavailable, "the ring has no key"};
  return digest_with(ring.front(), purpose, data);
}

Result<KeyedDigest> FakeKeyRing::digest_with(KeyId key,
                                             std::string_view purpose,
                                             std::span<const std::uint8_t> data) {
  if (!holds(key)) return Error{ErrorCode::Unavailable, "the ring has no such key"};
  return KeyedDigest{key, mac(key, purpose, data)};
}

}  // namespace twinlock
