// SPDX-License-Identifier: MIT
#include "daemon/domain/source_digest.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "daemon/domain/policy.h"

namespace twinlock {
namespace {

constexpr std::size_t kV6Network = 8;  // bytes of a /64
constexpr std::string_view kPurpose = "place";

bool is_mapped_v4(const std::array<std::uint8_t, 16>& address) {
  return std::all_of(address.begin(), address.begin() + 10, [](auto b) { return b == 0; }) &&
         address[10] == 0xFF && address[11] == 0xFF;
}

}  // namespace

std::string counted_source(std::string_view source) {
  auto address = parse_address(source);
  if (!address) return "";
  if (!is_mapped_v4(*address)) std::fill(address->begin() + kV6Network, address->end(), 0);
  return {reinterpret_cast<const char*>(address->data()), address->size()};
}

Result<std::optional<PlaceDigest>> source_digest(KeyRing& keys,
                                                 std::optional<KeyId> key,
                                                 std::string_view source) {
  const std::string counted = counted_source(source);
  if (counted.empty()) return std::optional<PlaceDigest>();
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(counted.data()),
                                            counted.size());
  const auto digest = key ? keys.digest_with(*key, kPurpose, bytes) : keys.digest(kPurpose, bytes);
  if (!digest) return digest.error();
  PlaceDigest place;
  std::copy_n(digest->bytes.begin(), place.size(), place.begin());
  return std::optional(place);
}

}  // namespace twinlock
