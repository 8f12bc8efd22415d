// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_SETTING_GROUP_H
#define TWINLOCK_DAEMON_DOMAIN_SETTING_GROUP_H

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace twinlock {

// What an administrator sets at run time and reads back as a whole: credentials of a provider,
// templates, lifetimes. The numbers are stored: never reused.
enum class SettingGroup {
  Twilio = 1,
  Vonage = 2,
  AwsSns = 3,  // text messages by Amazon SNS
  Webhook = 4,
  PhoneProvider = 5,
  PhoneMessageTypes = 6,
  PhoneTemplates = 7,
  PhoneCodes = 8,
  EmailCodes = 9,
  PushProvider = 10,
  PushSns = 11,  // push notifications by Amazon SNS
  PushApns = 12,
  PushFcm = 13,
  PushFcmV1 = 14,
  Duo = 15,
  WebauthnRoaming = 16,
  WebauthnPlatform = 17,
  RememberedPlaces = 18,
  Tenant = 19,
  PushPrompt = 20,
  RiskAssessment = 21,
  NewDevice = 22,
};

// "twilio", "phone-templates", …: for the audit log.
[[nodiscard]] std::string_view setting_group_name(SettingGroup group);

using SettingValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;
// By the names that Guardian's API has for them. What isn't set isn't there.
using SettingFields = std::map<std::string, SettingValue, std::less<>>;

// The text of a field; empty if it isn't there or no text.
[[nodiscard]] std::string text_in(const SettingFields& fields, std::string_view name);

}  // namespace twinlock

#endif
