// SPDX-License-Identifier: MIT
#include "daemon/domain/user_id.h"

#include <algorithm>

#include "common/encoding.h"

namespace twinlock {
namespace {

constexpr std::string_view kUnix = "unix|";
constexpr std::string_view kRecord = "auth0|";
constexpr std::size_t kDigits = 24;

bool is_record_name(std::string_view digits) {
  return digits.size() == kDigits && std::all_of(digits.begin(), digits.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

std::optional<UserId> parse_user_id(std::string_view text) {
  if (text.starts_with(kRecord)) {
    const auto digits = text.substr(kRecord.size());
    if (!is_record_name(digits)) return std::nullopt;
    return UserId{UserId::Provider::Record, std::string(digits)};
  }
  const auto name = text.starts_with(kUnix) ? text.substr(kUnix.size()) : text;
  if (!is_account_name(name)) return std::nullopt;
  return UserId{UserId::Provider::Unix, std::string(name)};
}

std::string to_text(const UserId& id) {
  return std::string(id.provider == UserId::Provider::Unix ? kUnix : kRecord) + id.name;
}

Account owner_of_record(const UserId& id) { return {to_text(id), kNoUid}; }

bool is_record(const Account& owner) { return owner.name.starts_with(kRecord); }

UserId user_id_of(const Account& owner) {
  if (is_record(owner)) return {UserId::Provider::Record, owner.name.substr(kRecord.size())};
  return {UserId::Provider::Unix, owner.name};
}

UserId make_record_id(std::span<const std::uint8_t, 12> random) {
  return {UserId::Provider::Record, hex_encode(random)};
}

}  // namespace twinlock
