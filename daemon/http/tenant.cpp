// SPDX-License-Identifier: MIT
#include "daemon/http/tenant.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace twinlock::http {
namespace {

// Beside the document as it was sent, what others than its readers need of it.
constexpr std::string_view kDocument = "document";
constexpr std::string_view kFriendlyName = "friendly_name";
constexpr std::string_view kClearContacts = "clear_contacts";
constexpr const char* kFlags = "flags";
constexpr const char* kClearFlag = "disable_management_api_sms_obfuscation";
constexpr std::size_t kLongestDocument = std::size_t{256} * 1024;

Json defaults() {
  return {{"friendly_name", ""},
          {"support_email", ""},
          {"support_url", ""},
          {"picture_url", ""},
          {"enabled_locales", Json::array({"en"})},
          {"default_audience", ""},
          {"default_directory", ""},
          {"acr_values_supported", Json::array()},
          {"allowed_logout_urls", Json::array()},
          {"session_lifetime", 168},
          {"idle_session_lifetime", 72},
          {"sandbox_version", "22"},
          {"sandbox_versions_available", Json::array({"22"})},
          {"guardian_mfa_page", {{"enabled", false}}},
          {"customize_mfa_in_postlogin_action", false},
          // Terraform takes a missing one for true, and manages no phones then.
          {"phone_consolidated_experience", false},
          {"session_cookie", {{"mode", "persistent"}}},
          {"universal_login", Json::object()},
          {"sessions", {{"oidc_logout_prompt_enabled", false}}},
          {kFlags,
           {{kClearFlag, true},
            {"mfa_show_factor_list_on_enrollment", true},
            {"universal_login", true},
            {"enable_sso", true}}}};
}

Json document_of(const SettingFields& stored) {
  const auto text = text_in(stored, kDocument);
  if (text.empty()) return Json::object();
  auto document = Json::parse(text, nullptr, false);
  return document.is_object() ? document : Json::object();
}

}  // namespace

Json tenant_of(const SettingFields& stored) {
  auto tenant = defaults();
  tenant.merge_patch(document_of(stored));
  return tenant;
}

Result<SettingFields> changed_tenant(const SettingFields& stored, const Json& changes) {
  auto document = document_of(stored);
  document.merge_patch(changes);  // as RFC 7396: what an object leaves out stays
  SettingFields fields{{std::string(kDocument), json_text(document)}};
  if (text_in(fields, kDocument).size() > kLongestDocument) {
    return Error{ErrorCode::InvalidInput,
                 "The tenant's settings would be longer than " +
                     std::to_string(kLongestDocument / 1024) + " KiB; take something away first."};
  }
  const auto tenant = tenant_of(fields);
  fields.emplace(kFriendlyName, tenant["friendly_name"].get<std::string>());
  fields.emplace(kClearContacts, tenant[kFlags][kClearFlag].get<bool>());
  return fields;
}

Result<MethodPresentation> method_presentation(SettingGroups& groups) {
  const auto tenant = groups.read(SettingGroup::Tenant);
  if (!tenant) return tenant.error();
  const auto types = groups.read(SettingGroup::PhoneMessageTypes);
  if (!types) return types.error();
  MethodPresentation how;
  const auto clear = tenant->find(kClearContacts);
  if (clear != tenant->end() && clear->second == SettingValue(false)) {
    how.contacts = Contacts::Masked;
  }
  const auto found = types->find("message_types");
  if (found == types->end()) return how;
  how.channels = {PhoneChannel::Sms};
  const auto* names = std::get_if<std::vector<std::string>>(&found->second);
  if (names == nullptr) return how;
  if (std::find(names->begin(), names->end(), "voice") != names->end()) {
    how.channels.push_back(PhoneChannel::Voice);
  }
  return how;
}

}  // namespace twinlock::http
