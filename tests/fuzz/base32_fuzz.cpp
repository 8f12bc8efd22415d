// SPDX-License-Identifier: MIT
//
// Seeds as people type them (S92, S150): what decodes is what encoding it again means.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/encoding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto decoded = twinlock::base32_decode(text);
  if (!decoded) return 0;
  const auto again = twinlock::base32_decode(twinlock::base32_encode(decoded->bytes()));
  if (!again || again->text() != decoded->text()) std::abort();
  return 0;
}
