// SPDX-License-Identifier: MIT
#include "daemon/domain/setting_group.h"

namespace twinlock {

std::string_view setting_group_name(SettingGroup group) {
  switch (group) {
    case SettingGroup::Twilio:
      return "twilio";
    case SettingGroup::Vonage:
      return "vonage";
    case SettingGroup::AwsSns:
      return "aws-sns";
    case SettingGroup::Webhook:
      return "webhook";
    case SettingGroup::PhoneProvider:
      return "phone-provider";
    case SettingGroup::PhoneMessageTypes:
      return "phone-message-types";
    case SettingGroup::PhoneTemplates:
      return "phone-templates";
    case SettingGroup::PhoneCodes:
      return "phone-codes";
    case SettingGroup::EmailCodes:
      return "email-codes";
    case SettingGroup::PushProvider:
      return "push-provider";
    case SettingGroup::PushSns:
      return "push-sns";
    case SettingGroup::PushApns:
      return "push-apns";
    case SettingGroup::PushFcm:
      return "push-fcm";
    case SettingGroup::PushFcmV1:
      return "push-fcm-v1";
    case SettingGroup::Duo:
      return "duo";
    case SettingGroup::WebauthnRoaming:
      return "webauthn-roaming";
    case SettingGroup::WebauthnPlatform:
      return "webauthn-platform";
    case SettingGroup::RememberedPlaces:
      return "remembered-places";
    case SettingGroup::Tenant:
      return "tenant";
    case SettingGroup::PushPrompt:
      return "push-prompt";
    case SettingGroup::RiskAssessment:
      return "risk-assessment";
    case SettingGroup::NewDevice:
      return "new-device";
  }
  return "";
}

std::string text_in(const SettingFields& fields, std::string_view name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return "";
  const auto* text = std::get_if<std::string>(&found->second);
  return text == nullptr ? "" : *text;
}

}  // namespace twinlock
