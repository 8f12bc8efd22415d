// SPDX-License-Identifier: MIT
#include "daemon/domain/method_data.h"

#include "daemon/domain/contact.h"

namespace twinlock {

std::string_view phone_channel_name(PhoneChannel channel) {
  switch (channel) {
    case PhoneChannel::Sms:
      return "sms";
    case PhoneChannel::Voice:
      return "voice";
  }
  return "";
}

std::optional<PhoneChannel> phone_channel_named(std::string_view name) {
  for (const auto channel : {PhoneChannel::Sms, PhoneChannel::Voice}) {
    if (phone_channel_name(channel) == name) return channel;
  }
  return std::nullopt;
}

bool is_key(MethodType type) {
  switch (type) {
    case MethodType::WebauthnRoaming:
    case MethodType::WebauthnPlatform:
    case MethodType::Passkey:
      return true;
    case MethodType::Totp:
    case MethodType::Hotp:
    case MethodType::RecoveryCode:
    case MethodType::Phone:
    case MethodType::Email:
    case MethodType::Push:
      break;
  }
  return false;
}

std::string identity_of(const MethodData& data) {
  if (const auto* phone = std::get_if<PhoneData>(&data)) return "phone\n" + phone->number;
  if (const auto* email = std::get_if<EmailData>(&data)) {
    return "email\n" + canonical_mail_address(email->address);
  }
  if (const auto* key = std::get_if<KeyData>(&data)) {
    const auto padding = key->credential_id.find('=');
    return "credential\n" + key->credential_id.substr(0, padding);
  }
  return "";
}

}  // namespace twinlock
