// SPDX-License-Identifier: MIT
//
// Recovery codes as people type them (S105, S150): what is one is shown and read back the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/domain/recovery_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto code = twinlock::normalized_recovery_code(text);
  if (!code) return 0;
  const auto again = twinlock::normalized_recovery_code(twinlock::grouped(*code));
  if (!again || again->text() != code->text()) std::abort();
  return 0;
}
