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

void put(JsonWriter& json, std::string_view key, std::string_view text) {
  if (!text.empty()) json.key(key).value(text);
}

void put(JsonWriter& json, std::string_view key, const std::optional<WallTime>& time) {
  if (time) json.key(key).plain(utc_characters(*time));
}

void write_phone(JsonWriter& json,
                 const AuthenticationMethod& method,
                 const PhoneData& phone,
                 const MethodPresentation& how) {
  json.key("phone_number").value(shown_number(phone, how.contacts));
  json.key("preferred_authentication_method").value(phone_channel_name(phone.preferred));
  json.key("authentication_methods").begin_array();
  for (const auto channel : how.channels) {
    const std::string name(phone_channel_name(channel));
    json.begin_object().key("type").value(name);
    json.key("id").value(name + '|' + device_id(method)).end_object();
  }
  json.end_array();
}

void write_key(JsonWriter& json, const KeyData& key) {
  json.key("key_id").value(key.credential_id);
  json.key("credential_id").value(key.credential_id);
  json.key("public_key").value(key.public_key);
  json.key("sign_count").value(key.sign_count);
  if (key.device) {
    const bool single = *key.device == CredentialDevice::Single;
    json.key("credential_device_type").value(single ? "single_device" : "multi_device");
  }
  if (key.backed_up) json.key("credential_backed_up").value(*key.backed_up);
  if (!key.transports.empty()) {
    json.key("transports").begin_array();
    for (const auto& transport : key.transports) json.value(transport);
    json.end_array();
  }
  put(json, "relying_party_identifier", key.relying_party);
  put(json, "aaguid", key.aaguid);
  put(json, "user_handle", key.user_handle);
  put(json, "user_agent", key.user_agent);
  put(json, "identity_user_id", key.identity_user_id);
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

void write_method(JsonWriter& json, const EnrolledMethod& enrolled, const MethodPresentation& how) {
  const auto& [method, data] = enrolled;
  json.begin_object().key("id").plain(characters_of(method.id));
  json.key("type").plain(shown_type(method.type));
  json.key("confirmed").value(method.confirmed.has_value());
  put(json, "name", method.name);
  put(json, "friendly_name", method.name);
  if (const auto* phone = std::get_if<PhoneData>(&data)) write_phone(json, method, *phone, how);
  if (const auto* email = std::get_if<EmailData>(&data)) {
    const bool clear = how.contacts == Contacts::Clear;
    json.key("email").value(clear ? email->address : masked_mail_address(email->address));
  }
  if (const auto* key = std::get_if<KeyData>(&data)) write_key(json, *key);
  json.key("created_at").plain(utc_characters(method.created));
  put(json, "enrolled_at", method.confirmed);
  put(json, "last_auth_at", method.last_used);
  json.end_object();
}

std::string method_text(const EnrolledMethod& enrolled, const MethodPresentation& how) {
  JsonWriter json;
  write_method(json, enrolled, how);
  return std::move(json).take();
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
