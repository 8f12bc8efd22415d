// SPDX-License-Identifier: MIT
#include "daemon/domain/password_hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <semaphore>
#include <span>

#include "common/encoding.h"

namespace twinlock {
namespace {

constexpr std::string_view kPrefix = "scrypt$15$8$1$";
constexpr std::uint64_t kN = 1U << 15U;
constexpr std::uint64_t kR = 8;
constexpr std::uint64_t kP = 1;
constexpr std::uint64_t kMostMemory = 64U << 20U;

using Hash = std::array<std::uint8_t, 32>;

// Each takes 32 MiB: who asks for many at once waits, rather than take the memory of all.
std::counting_semaphore<2> slots{2};

Result<Hash> scrypt(const Secret& password, const PasswordSalt& salt) {
  Hash hash{};
  const auto text = password.text();
  slots.acquire();
  const bool is_computed = EVP_PBE_scrypt(text.data(),
                                          text.size(),
                                          salt.data(),
                                          salt.size(),
                                          kN,
                                          kR,
                                          kP,
                                          kMostMemory,
                                          hash.data(),
                                          hash.size()) == 1;
  slots.release();
  if (!is_computed) {
    return Error{ErrorCode::Unavailable, "scrypt could not be computed"};
  }
  return hash;
}

}  // namespace

Result<std::string> make_password_hash(const Secret& password, const PasswordSalt& salt) {
  const auto hash = scrypt(password, salt);
  if (!hash) return hash.error();
  return std::string(kPrefix) + base64url_encode(salt) + '$' + base64url_encode(*hash);
}

Result<PasswordMatch> match_password(const Secret& password, std::string_view hash) {
  if (!hash.starts_with(kPrefix)) return PasswordMatch::Wrong;
  hash.remove_prefix(kPrefix.size());
  const auto middle = hash.find('$');
  if (middle == std::string_view::npos) return PasswordMatch::Wrong;
  const auto salt = base64url_decode(hash.substr(0, middle));
  const auto expected = base64url_decode(hash.substr(middle + 1));
  PasswordSalt bytes{};
  if (!salt || !expected || salt->size() != bytes.size()) return PasswordMatch::Wrong;
  std::copy(salt->begin(), salt->end(), bytes.begin());
  const auto found = scrypt(password, bytes);
  if (!found) return found.error();
  return equal_in_constant_time(*found, *expected) ? PasswordMatch::Right : PasswordMatch::Wrong;
}

}  // namespace twinlock
