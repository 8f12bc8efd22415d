// SPDX-License-Identifier: MIT
#include "daemon/http/method_view.h"

#include <string>

#include "daemon/domain/contact.h"

namespace twinlock::http {
namespace {

constexpr std::string_view kDevice = "dev_";

std::string device_id(const AuthenticationMethod& method) {
  return std::string(kDevice) + to_text(method.id);
}

std::string_view shown_type(MethodType type) {
  return method_type_name(type == MethodType::Hotp ? MethodType::Totp : type);
}

std::string shown_number(const PhoneData& phone, Contacts contacts) {
  return contacts == Contacts::Clear ? phone.number : masked_phone_number(phone.number);
}

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void put(Json& object, const char* key, const std::optional<WallTime>& time) {
  if (time) object[key] = utc_text(*time);
}

void add_phone(Json& view,
               const AuthenticationMethod& method,
               const PhoneData& phone,
               const MethodPresentation& how) {
  view["phone_number"] = shown_number(phone, how.contacts);
  view["preferred_authentication_method"] = phone_channel_name(phone.preferred);
  Json channels = Json::array();
  for (const auto channel : how.channels) {
    const std::string name(phone_channel_name(channel));
    channels.push_back({{"type", name}, {"id", name + '|' + device_id(method)}});
  }
  view["authentication_methods"] = channels;
}

void add_key(Json& view, const KeyData& key) {
  view["key_id"] = key.credential_id;
  view["credential_id"] = key.credential_id;
  view["public_key"] = key.public_key;
  view["sign_count"] = key.sign_count;
  if (key.device) {
    const bool single = *key.device == CredentialDevice::Single;
    view["credential_device_type"] = single ? "single_device" : "multi_device";
  }
  if (key.backed_up) view["credential_backed_up"] = *key.backed_up;
  if (!key.transports.empty()) view["transports"] = key.transports;
  put(view, "relying_party_identifier", key.relying_party);
  put(view, "aaguid", key.aaguid);
  put(view, "user_handle", key.user_handle);
  put(view, "user_agent", key.user_agent);
  put(view, "identity_user_id", key.identity_user_id);
}

// Guardian's word for the kind of authenticator; nothing for what it doesn't list.
std::optional<std::string_view> guardian_method(MethodType type) {
  switch (type) {
    case MethodType::Totp:
    case MethodType::Hotp:
      return "authenticator";
    case MethodType::Phone:
      return "sms";
    case MethodType::Push:
      return "guardian";
    case MethodType::WebauthnRoaming:
    case MethodType::WebauthnPlatform:
      return method_type_name(type);
    case MethodType::RecoveryCode:
    case MethodType::Email:
    case MethodType::Passkey:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<MethodId> parse_method_reference(std::string_view text) {
  const auto bar = text.find('|');
  if (bar != std::string_view::npos) {
    text.remove_prefix(bar + 1);
    if (!text.starts_with(kDevice)) return std::nullopt;
  }
  if (text.starts_with(kDevice)) text.remove_prefix(kDevice.size());
  return parse_ulid(text);
}

Json method_view(const EnrolledMethod& enrolled, const MethodPresentation& how) {
  const auto& [method, data] = enrolled;
  Json view{{"id", to_text(method.id)},
            {"type", shown_type(method.type)},
            {"confirmed", method.confirmed.has_value()}};
  put(view, "name", method.name);
  put(view, "friendly_name", method.name);
  if (const auto* phone = std::get_if<PhoneData>(&data)) add_phone(view, method, *phone, how);
  if (const auto* email = std::get_if<EmailData>(&data)) {
    const bool clear = how.contacts == Contacts::Clear;
    view["email"] = clear ? email->address : masked_mail_address(email->address);
  }
  if (const auto* key = std::get_if<KeyData>(&data)) add_key(view, *key);
  view["created_at"] = utc_text(method.created);
  put(view, "enrolled_at", method.confirmed);
  put(view, "last_auth_at", method.last_used);
  return view;
}

Json enrollment_view(const EnrolledMethod& enrolled, const MethodPresentation& how) {
  const auto& [method, data] = enrolled;
  Json view{{"id", device_id(method)}, {"status", method.confirmed ? "confirmed" : "pending"}};
  put(view, "name", method.name);
  if (const auto* phone = std::get_if<PhoneData>(&data)) {
    const auto number = shown_number(*phone, how.contacts);
    view["identifier"] = std::string(phone_channel_name(phone->preferred)) + '|' + number;
    view["phone_number"] = number;
  }
  put(view, "enrolled_at", method.confirmed);
  put(view, "last_auth", method.last_used);
  return view;
}

std::optional<Json> listed_enrollment(const EnrolledMethod& enrolled,
                                      const MethodPresentation& how) {
  const auto kind = guardian_method(enrolled.method.type);
  if (!kind) return std::nullopt;
  auto view = enrollment_view(enrolled, how);
  view["auth_method"] = *kind;
  view["type"] = shown_type(enrolled.method.type);
  return view;
}

}  // namespace twinlock::http
