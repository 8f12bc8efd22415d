// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/domain/user_id.h"

// What names a user names the same one when it is written and read again, and a record's owner is
// never an account's (S38).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using twinlock::UserId;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto id = twinlock::parse_user_id(text);
  if (!id) return 0;
  if (twinlock::parse_user_id(twinlock::to_text(*id)) != id) abort();
  if (id->provider == UserId::Provider::Unix) return 0;
  const auto owner = twinlock::owner_of_record(*id);
  if (!twinlock::is_record(owner) || twinlock::user_id_of(owner) != *id) abort();
  return 0;
}
