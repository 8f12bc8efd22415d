// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_ULID_H
#define TWINLOCK_DAEMON_DOMAIN_ULID_H

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/domain/instant.h"

namespace twinlock {

// An id that sorts by the time it was made: 48 bits of milliseconds, 80 random bits (ULID
// specification). As text, 26 characters of Crockford's base32.
struct Ulid {
  std::array<std::uint8_t, 16> bytes{};
  // NOLINTNEXTLINE(modernize-use-nullptr): version 14 takes the 0 of a comparison for a pointer
  auto operator<=>(const Ulid&) const = default;
};

[[nodiscard]] Ulid make_ulid(WallTime now, std::span<const std::uint8_t, 10> random);
[[nodiscard]] std::string to_text(const Ulid& id);
// The same without a string, for long lists.
using UlidCharacters = std::array<char, 26>;
[[nodiscard]] UlidCharacters characters_of(const Ulid& id);
// Nothing unless `text` is the one spelling that to_text() gives, in either case.
[[nodiscard]] std::optional<Ulid> parse_ulid(std::string_view text);

}  // namespace twinlock

#endif
