// SPDX-License-Identifier: MIT
#include "daemon/domain/ulid.h"

#include <algorithm>
#include <cstddef>

namespace twinlock {
namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
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
  UlidCharacters text{};
  std::size_t bit = 0;  // counted from the least significant one
  for (std::size_t i = kTextLength; i-- > 0; bit += 5) {
    const std::size_t byte = 15 - bit / 8;
    unsigned value = id.bytes[byte];
    if (byte > 0) value |= static_cast<unsigned>(id.bytes[byte - 1]) << 8U;
    text[i] = kCrockford[(value >> (bit % 8)) & 31U];
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
