// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_BENCH_TIMER_ONE_TIME_CODE_H
#define TWINLOCK_TESTS_BENCH_TIMER_ONE_TIME_CODE_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The codes that logins are answered with, in a few lines of our own: a driver that links libcrypto
// would hide what a module under test drags in.
namespace twinlock::bench {

using Seed = std::vector<std::uint8_t>;

// Nothing unless `hex` is pairs of hexadecimal digits.
[[nodiscard]] std::optional<Seed> parse_seed(std::string_view hex);

// RFC 4226 §5.3 with SHA-1 (FIPS 180-4 §6.1) and six digits. The seed has at most 64 bytes.
[[nodiscard]] std::string hotp_code(const Seed& seed, std::int64_t counter);

}  // namespace twinlock::bench

#endif
