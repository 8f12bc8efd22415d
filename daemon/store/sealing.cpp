// SPDX-License-Identifier: MIT
#include "daemon/store/sealing.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "common/encoding.h"
#include "daemon/domain/contact.h"

namespace twinlock::sealing {
namespace {

constexpr std::string_view kSeedPurpose = "otp-seed";
constexpr std::string_view kCanaryPurpose = "store-canary";
constexpr std::string_view kCanary = "Twinlock store";

constexpr std::string_view kMethodDataPurpose = "method-data";
constexpr std::string_view kProfilePurpose = "user-profile";
constexpr std::string_view kLookupPurpose = "lookup";

// Where it stands, the row's id, the uid big-endian, the user's name to the end.
std::vector<std::uint8_t> binding(std::string_view place,
                                  std::span<const std::uint8_t> id,
                                  const Account& owner) {
  std::vector<std::uint8_t> bound(place.size() + id.size() + 4 + owner.name.size());
  auto end = std::copy(place.begin(), place.end(), bound.begin());
  end = std::copy(id.begin(), id.end(), end);
  for (int shift = 24; shift >= 0; shift -= 8) {
    *end++ = static_cast<std::uint8_t>(owner.uid >> shift);
  }
  std::copy(owner.name.begin(), owner.name.end(), end);
  return bound;
}

std::vector<std::uint8_t> seed_binding(const MethodId& id, const Account& owner) {
  return binding({"method\0seed\0", 12}, id.bytes, owner);
}

std::vector<std::uint8_t> data_binding(const MethodId& id, const Account& owner) {
  return binding({"method_data\0data\0", 17}, id.bytes, owner);
}

std::vector<std::uint8_t> profile_binding(const Account& owner) {
  return binding({"user_record\0profile\0", 20}, {}, owner);
}

// `kind` keeps equal texts of different meaning apart.
Result<KeyedDigest> lookup_digest(KeyRing& keys,
                                  KeyId key,
                                  std::string_view kind,
                                  std::string_view text) {
  const std::string named = std::string(kind) + '\n' + std::string(text);
  return keys.digest_with(key, kLookupPurpose, bytes_of(named));
}

// The table 0 the column 0 the row.
std::vector<std::uint8_t> binding_of(const Place& place) {
  std::vector<std::uint8_t> binding;
  for (const auto name : {place.table, place.column}) {
    binding.insert(binding.end(), name.begin(), name.end());
    binding.push_back(0);
  }
  binding.insert(binding.end(), place.row.begin(), place.row.end());
  return binding;
}

// What was opened, or why it can't be, with the name of what it was.
Result<Secret> named(const std::string& what, Result<Secret> opened) {
  if (opened) return opened;
  return Error{opened.error().code, what + ": " + opened.error().detail};
}

constexpr std::string_view kCanaryBinding{"settings\0canary\0", 16};

}  // namespace

Place setting_group_place(SettingGroup group) {
  return {.purpose = "settings",
          .table = "setting_group",
          .column = "fields",
          .row = std::to_string(static_cast<int>(group))};
}

Place signing_key_place(const std::string& id) {
  return {.purpose = "signing-key", .table = "signing_key", .column = "private_key", .row = id};
}

Result<Sealed> seal(KeyRing& keys, const Place& place, std::span<const std::uint8_t> plain) {
  return keys.seal(place.purpose, plain, binding_of(place));
}

Result<Secret> open(KeyRing& keys, const Place& place, std::span<const std::uint8_t> sealed) {
  return named(std::string(place.table) + '.' + std::string(place.column),
               keys.open(place.purpose, sealed, binding_of(place)));
}

Result<Sealed> seal_seed(KeyRing& keys,
                         const MethodId& id,
                         const Account& owner,
                         const Secret& seed) {
  return keys.seal(kSeedPurpose, seed.bytes(), seed_binding(id, owner));
}

Result<Secret> open_seed(KeyRing& keys,
                         const MethodId& id,
                         const Account& owner,
                         std::span<const std::uint8_t> sealed) {
  return named("seed of method " + hex_encode(id.bytes),
               keys.open(kSeedPurpose, sealed, seed_binding(id, owner)));
}

Result<Sealed> seal_method_data(KeyRing& keys,
                                const MethodId& id,
                                const Account& owner,
                                const Secret& packed) {
  return keys.seal(kMethodDataPurpose, packed.bytes(), data_binding(id, owner));
}

Result<Secret> open_method_data(KeyRing& keys,
                                const MethodId& id,
                                const Account& owner,
                                std::span<const std::uint8_t> sealed) {
  return named("data of method " + hex_encode(id.bytes),
               keys.open(kMethodDataPurpose, sealed, data_binding(id, owner)));
}

Result<Sealed> seal_profile(KeyRing& keys, const Account& owner, const Secret& packed) {
  return keys.seal(kProfilePurpose, packed.bytes(), profile_binding(owner));
}

Result<Secret> open_profile(KeyRing& keys,
                            const Account& owner,
                            std::span<const std::uint8_t> sealed) {
  return named("profile of " + owner.name,
               keys.open(kProfilePurpose, sealed, profile_binding(owner)));
}

Result<KeyedDigest> method_digest(KeyRing& keys, KeyId key, const MethodData& data) {
  return lookup_digest(keys, key, "method", identity_of(data));
}

Result<KeyedDigest> email_digest(KeyRing& keys, KeyId key, std::string_view address) {
  return lookup_digest(keys, key, "user-email", canonical_mail_address(address));
}

Result<KeyedDigest> username_digest(KeyRing& keys, KeyId key, std::string_view name) {
  return lookup_digest(keys, key, "user-name", canonical_mail_address(name));
}

Result<Sealed> seal_canary(KeyRing& keys) {
  return keys.seal(kCanaryPurpose, bytes_of(kCanary), bytes_of(kCanaryBinding));
}

Status check_canary(KeyRing& keys, std::span<const std::uint8_t> sealed) {
  const auto opened = keys.open(kCanaryPurpose, sealed, bytes_of(kCanaryBinding));
  if (opened && equal_in_constant_time(opened->bytes(), bytes_of(kCanary))) return Done{};
  return Error{ErrorCode::Unavailable,
               "the master key is not the one that this store was sealed with (" +
                   (opened ? "wrong canary" : opened.error().detail) +
                   "); put back the key file that belongs to it"};
}

}  // namespace twinlock::sealing
