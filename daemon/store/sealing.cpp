// SPDX-License-Identifier: MIT
#include "daemon/store/sealing.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/encoding.h"

namespace twinlock::sealing {
namespace {

constexpr std::string_view kSeedPurpose = "otp-seed";
constexpr std::string_view kCanaryPurpose = "store-canary";
constexpr std::string_view kCanary = "Twinlock store";

// "method" 0 "seed" 0, the id's sixteen bytes, the uid big-endian, the user's name to the end.
std::vector<std::uint8_t> seed_binding(const MethodId& id, const Account& owner) {
  constexpr std::string_view kPlace{"method\0seed\0", 12};
  std::vector<std::uint8_t> binding(kPlace.size() + id.bytes.size() + 4 + owner.name.size());
  auto end = std::copy(kPlace.begin(), kPlace.end(), binding.begin());
  end = std::copy(id.bytes.begin(), id.bytes.end(), end);
  for (int shift = 24; shift >= 0; shift -= 8) {
    *end++ = static_cast<std::uint8_t>(owner.uid >> shift);
  }
  std::copy(owner.name.begin(), owner.name.end(), end);
  return binding;
}

constexpr std::string_view kCanaryBinding{"settings\0canary\0", 16};

}  // namespace

Result<Sealed> seal_seed(KeyRing& keys,
                         const MethodId& id,
                         const Account& owner,
                         const Secret& seed) {
  return keys.seal(kSeedPurpose, seed.bytes(), seed_binding(id, owner));
}

Result<Secret> open_seed(KeyRing& keys,
                         const MethodId& id,
                         const Account& owner,
                         std::span<const std::uint8_t> sealed) {
  auto opened = keys.open(kSeedPurpose, sealed, seed_binding(id, owner));
  if (opened) return opened;
  return Error{opened.error().code,
               "seed of method " + hex_encode(id.bytes) + ": " + opened.error().detail};
}

Result<Sealed> seal_canary(KeyRing& keys) {
  return keys.seal(kCanaryPurpose, bytes_of(kCanary), bytes_of(kCanaryBinding));
}

Status check_canary(KeyRing& keys, std::span<const std::uint8_t> sealed) {
  const auto opened = keys.open(kCanaryPurpose, sealed, bytes_of(kCanaryBinding));
  if (opened && equal_in_constant_time(opened->bytes(), bytes_of(kCanary))) return Done{};
  return Error{ErrorCode::Unavailable,
               "the master key is not the one that this store was sealed with (" +
                   (opened ? "wrong canary" : opened.error().detail) +
                   "); put back the key file that belongs to it"};
}

}  // namespace twinlock::sealing
