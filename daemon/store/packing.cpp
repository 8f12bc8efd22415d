// SPDX-License-Identifier: MIT
#include "daemon/store/packing.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/encoding.h"

namespace twinlock::packing {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kPhone = 1;
constexpr std::uint8_t kEmail = 2;
constexpr std::uint8_t kKey = 3;

class Packer {
 public:
  Packer() { byte(kVersion); }
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  ~Packer() { wipe(bytes_); }

  void byte(std::uint8_t value) { bytes_.push_back(value); }
  void number(std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      byte(static_cast<std::uint8_t>(value >> shift));
    }
  }
  void text(std::string_view value) {
    number(value.size(), 4);
    const auto bytes = bytes_of(value);
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void text(const std::optional<std::string>& value) {
    byte(value ? 1 : 0);
    if (value) text(std::string_view(*value));
  }
  void flag(const std::optional<bool>& value) {
    byte(value ? static_cast<std::uint8_t>(1 + (*value ? 1 : 0)) : std::uint8_t{0});
  }
  void metadata(const Metadata& members) {
    number(members.size(), 4);
    for (const auto& [key, value] : members) {
      text(std::string_view(key));
      text(std::string_view(value));
    }
  }

  [[nodiscard]] Secret packed() const { return Secret(std::span<const std::uint8_t>(bytes_)); }

 private:
  std::vector<std::uint8_t> bytes_;
};

// Reads on after a fault, but nothing of it is believed then.
class Unpacker {
 public:
  explicit Unpacker(std::span<const std::uint8_t> bytes) : rest_(bytes) {
    if (byte() != kVersion) whole_ = false;
  }

  std::uint8_t byte() { return static_cast<std::uint8_t>(number(1)); }
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (const auto each : take(bytes)) value = value << 8 | each;
    return value;
  }
  std::string text() {
    const auto bytes = take(number(4));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::optional<std::string> optional_text() {
    if (byte() == 0) return std::nullopt;
    return text();
  }
  std::optional<bool> flag() {
    const auto value = byte();
    if (value == 0) return std::nullopt;
    return value == 2;
  }
  Metadata metadata() {
    Metadata members;
    for (auto left = number(4); left > 0 && whole_; --left) {
      auto key = text();
      members.insert_or_assign(std::move(key), text());
    }
    return members;
  }

  // Whether everything was there, and nothing is left.
  [[nodiscard]] bool is_whole() const { return whole_ && rest_.empty(); }
  [[nodiscard]] bool goes_on() const { return whole_; }

 private:
  std::span<const std::uint8_t> take(std::uint64_t size) {
    if (size > rest_.size()) whole_ = false;
    const auto taken = rest_.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(whole_ ? size : 0, rest_.size())));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

  std::span<const std::uint8_t> rest_;
  bool whole_ = true;
};

Error unreadable(std::string_view what) {
  return {ErrorCode::Internal, std::string(what) + " of another form than ours"};
}

void pack_key(Packer& packer, const KeyData& key) {
  for (const auto* text : {&key.credential_id,
                           &key.public_key,
                           &key.relying_party,
                           &key.aaguid,
                           &key.user_handle,
                           &key.user_agent,
                           &key.identity_user_id}) {
    packer.text(std::string_view(*text));
  }
  packer.byte(key.device ? static_cast<std::uint8_t>(*key.device) : std::uint8_t{0});
  packer.flag(key.backed_up);
  packer.number(key.transports.size(), 4);
  for (const auto& transport : key.transports) packer.text(std::string_view(transport));
}

KeyData unpack_key(Unpacker& unpacker) {
  KeyData key;
  for (auto* text : {&key.credential_id,
                     &key.public_key,
                     &key.relying_party,
                     &key.aaguid,
                     &key.user_handle,
                     &key.user_agent,
                     &key.identity_user_id}) {
    *text = unpacker.text();
  }
  const auto device = unpacker.byte();
  if (device != 0) key.device = static_cast<CredentialDevice>(device);
  key.backed_up = unpacker.flag();
  for (auto left = unpacker.number(4); left > 0 && unpacker.goes_on(); --left) {
    key.transports.push_back(unpacker.text());
  }
  return key;
}

// In the order in which they are packed.
template <typename Profile>
auto texts_of(Profile& profile) {
  return std::array{&profile.username,
                    &profile.email,
                    &profile.name,
                    &profile.given_name,
                    &profile.family_name,
                    &profile.nickname,
                    &profile.picture,
                    &profile.phone_number};
}

}  // namespace

Secret pack(const MethodData& data) {
  Packer packer;
  if (const auto* phone = std::get_if<PhoneData>(&data)) {
    packer.byte(kPhone);
    packer.text(std::string_view(phone->number));
  } else if (const auto* email = std::get_if<EmailData>(&data)) {
    packer.byte(kEmail);
    packer.text(std::string_view(email->address));
  } else if (const auto* key = std::get_if<KeyData>(&data)) {
    packer.byte(kKey);
    pack_key(packer, *key);
  }
  return packer.packed();
}

Result<MethodData> unpack_method_data(std::span<const std::uint8_t> packed) {
  Unpacker unpacker(packed);
  MethodData data;
  switch (unpacker.byte()) {
    case kPhone:
      data = PhoneData{unpacker.text()};
      break;
    case kEmail:
      data = EmailData{unpacker.text()};
      break;
    case kKey:
      data = unpack_key(unpacker);
      break;
    default:
      return unreadable("data of a method");
  }
  if (!unpacker.is_whole()) return unreadable("data of a method");
  return data;
}

Secret pack(const UserProfile& profile) {
  Packer packer;
  for (const auto* text : texts_of(profile)) {
    packer.text(*text);
  }
  packer.flag(profile.email_verified);
  packer.flag(profile.phone_verified);
  packer.metadata(profile.user_metadata);
  packer.metadata(profile.app_metadata);
  packer.text(std::string_view(profile.password_hash));
  packer.byte(profile.password_changed ? 1 : 0);
  const auto changed = profile.password_changed.value_or(WallTime{}).time_since_epoch().count();
  packer.number(static_cast<std::uint64_t>(changed), 8);
  return packer.packed();
}

Result<UserProfile> unpack_profile(std::span<const std::uint8_t> packed) {
  Unpacker unpacker(packed);
  UserProfile profile;
  for (auto* text : texts_of(profile)) {
    *text = unpacker.optional_text();
  }
  profile.email_verified = unpacker.flag().value_or(false);
  profile.phone_verified = unpacker.flag();
  profile.user_metadata = unpacker.metadata();
  profile.app_metadata = unpacker.metadata();
  profile.password_hash = unpacker.text();
  const bool has_changed = unpacker.byte() != 0;
  const auto changed = static_cast<std::int64_t>(unpacker.number(8));
  if (has_changed) profile.password_changed = WallTime{std::chrono::milliseconds{changed}};
  if (!unpacker.is_whole()) return unreadable("profile of a user");
  return profile;
}

}  // namespace twinlock::packing
