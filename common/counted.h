// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_COMMON_COUNTED_H
#define TWINLOCK_COMMON_COUNTED_H

#include <cstdint>
#include <string>
#include <string_view>

namespace twinlock {

// "1 code", "2 codes": a number with what it counts, whose plural takes an s at its end.
[[nodiscard]] inline std::string counted(std::int64_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace twinlock

#endif
