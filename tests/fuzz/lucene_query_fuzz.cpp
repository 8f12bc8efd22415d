// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/domain/lucene_query.h"

// Whatever is searched for is understood or refused, and what is understood can be evaluated.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::string_view, 2> kFields{"name", "email"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto query = twinlock::LuceneQuery::parse(text, kFields);
  if (!query) return 0;
  const bool found = query->matches([](std::string_view field) {
    return field == "name" ? std::vector<std::string>{"alice"} : std::vector<std::string>{};
  });
  static_cast<void>(found);
  static_cast<void>(query->demanded("name"));
  return 0;
}
