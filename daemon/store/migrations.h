// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_MIGRATIONS_H
#define TWINLOCK_DAEMON_STORE_MIGRATIONS_H

#include <span>

namespace twinlock::sqlite {

// The files of migrations/, in the order of their numbers: the n-th one brings a store from schema
// version n - 1 to n. Embedded by CMake.
[[nodiscard]] std::span<const char* const> migrations();

}  // namespace twinlock::sqlite

#endif
