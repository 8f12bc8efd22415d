// SPDX-License-Identifier: MIT
#include "common/secret.h"

#include <string.h>  // NOLINT(modernize-deprecated-headers): <cstring> has no explicit_bzero

#include <utility>

namespace twinlock {

void wipe(std::span<std::uint8_t> bytes) noexcept {
  // explicit_bzero(3) takes no null pointer, not even for no bytes.
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

bool equal_in_constant_time(std::span<const std::uint8_t> a,
                            std::span<const std::uint8_t> b) noexcept {
  if (a.size() != b.size()) return false;
  // Through volatile, so that the loop can't be turned into one that stops early. Not
  // CRYPTO_memcmp: the PAM module links this file and must not load libcrypto (S30).
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

Secret::Secret(std::size_t size) : bytes_(size) {}

Secret::Secret(std::span<const std::uint8_t> bytes) : bytes_(bytes.begin(), bytes.end()) {}

Secret::Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}

Secret::Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(bytes_);
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

Secret::~Secret() { wipe(bytes_); }

std::string_view Secret::text() const {
  return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
}

}  // namespace twinlock
