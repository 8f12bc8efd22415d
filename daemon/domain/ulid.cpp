// SPDX-License-Identifier: MIT
#include "daemon/domain/ulid.h"

#include <endian.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace twinlock {
namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// Any ten bits in two characters.
constexpr auto kPairs = [] {
  std::array<std::array<char, 2>, 1024> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs.at(i) = {kCrockford[i >> 5U], kCrockford[i & 31U]};
  }
  return pairs;
}();
constexpr std::size_t kTextLength = 26;  // 130 bits: the two highest are always zero
constexpr std::size_t kTimeBytes = 6;

}  // namespace

Ulid make_ulid(WallTime now, std::span<const std::uint8_t, 10> random) {
  Ulid id;
  auto milliseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
  for (std::size_t i = kTimeBytes; i-- > 0; milliseconds >>= 8U) {
    id.bytes[i] = static_cast<std::uint8_t>(milliseconds);
  }
  std::copy(random.begin(), random.end(), id.bytes.begin() + kTimeBytes);
  return id;
}

std::string to_text(const Ulid& id) {
  const auto text = characters_of(id);
  return {text.data(), text.size()};
}

UlidCharacters characters_of(const Ulid& id) {
  static_assert(std::tuple_size_v<UlidCharacters> == kTextLength);
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, id.bytes.data(), sizeof(high));
  std::memcpy(&low, id.bytes.data() + sizeof(high), sizeof(low));
  high = be64toh(high);
  low = be64toh(low);
  UlidCharacters text{};
  for (auto* end = text.data() + kTextLength; end != text.data(); end -= 2) {
    const auto& [first, second] = kPairs[low % kPairs.size()];
    end[-2] = first;
    end[-1] = second;
    low = low >> 10U | high << 54U;
    high >>= 10U;
  }
  return text;
}

std::optional<Ulid> parse_ulid(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  Ulid id;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const auto value = kCrockford.find(upper);
    if (value == std::string_view::npos) return std::nullopt;
    if ((id.bytes[0] >> 3U) != 0) return std::nullopt;  // would shift bits out: not an id
    auto carry = static_cast<unsigned>(value);
    for (std::size_t i = id.bytes.size(); i-- > 0;) {
      const unsigned shifted = (static_cast<unsigned>(id.bytes[i]) << 5U) | carry;
      id.bytes[i] = static_cast<std::uint8_t>(shifted);
      carry = shifted >> 8U;
    }
  }
  return id;
}

}  // namespace twinlock
