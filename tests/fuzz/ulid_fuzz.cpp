// SPDX-License-Identifier: MIT
//
// Ids of authentication methods (S150): each has one spelling, in two cases.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/domain/ulid.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto id = twinlock::parse_ulid(text);
  if (id && twinlock::parse_ulid(twinlock::to_text(*id)) != id) std::abort();
  return 0;
}
