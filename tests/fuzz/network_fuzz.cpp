// SPDX-License-Identifier: MIT
//
// Networks of the policy (S50, S150): none that parses contains every address.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/domain/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto network = twinlock::Network::parse(text);
  if (!network) return 0;
  if (!network->contains(network->address)) std::abort();
  auto other = network->address;
  other[static_cast<std::size_t>((network->prefix - 1) / 8)] ^=
      static_cast<std::uint8_t>(0x80U >> static_cast<unsigned>((network->prefix - 1) % 8));
  if (network->contains(other)) std::abort();
  return 0;
}
