// SPDX-License-Identifier: MIT
#include "daemon/http/tenant_endpoints.h"

#include <cstdint>
#include <string>

#include "common/encoding.h"
#include "daemon/http/actor.h"
#include "daemon/http/errors.h"
#include "daemon/http/fields.h"
#include "daemon/http/json.h"
#include "daemon/http/setting_fields.h"
#include "daemon/http/tenant.h"

namespace twinlock::http {
namespace {

constexpr int kHour = 3600;
constexpr int kDay = 24 * kHour;

// The names whose types we rely on, and those whose wrong type a client would stumble over. Others
// are kept as they come.
const Schema& tenant_schema() {
  const auto text = [] { return string().length(0, 1000).or_null(); };
  // Shown by apps, pages and messages.
  const auto line = [] {
    return string().length(0, 1000).format("printable", is_printable).or_null();
  };
  const auto texts = [] { return array(string().length(0, 1000)).or_null(); };
  static const Schema schema =
      object(
          {optional("friendly_name", line()),
           optional("support_email", line()),
           optional("support_url", line()),
           optional("picture_url", line()),
           optional("enabled_locales", texts()),
           optional("default_audience", text()),
           optional("default_directory", text()),
           optional("acr_values_supported", texts()),
           optional("allowed_logout_urls", texts()),
           optional("session_lifetime", number().or_null()),
           optional("idle_session_lifetime", number().or_null()),
           optional("sandbox_version", text()),
           optional("customize_mfa_in_postlogin_action", boolean().or_null()),
           optional("sandbox_versions_available", texts()),
           optional("guardian_mfa_page",
                    object({optional("enabled", boolean().or_null())}).open().or_null()),
           optional("session_cookie",
                    object({optional("mode", string().one_of({"persistent", "non-persistent"}))})
                        .or_null()),
           optional("universal_login", object({}).open().or_null()),
           optional("sessions",
                    object({optional("oidc_logout_prompt_enabled", boolean())}).open().or_null()),
           optional("phone_consolidated_experience", boolean().or_null()),
           optional("flags", object({}).others(boolean().or_null()).or_null())})
          .open();
  return schema;
}

}  // namespace

const TenantEndpoints::Sheet& TenantEndpoints::remembering() {
  static const Sheet sheet{
      SettingGroup::RememberedPlaces,
      object({required("display_remember_me_checkbox", boolean()),
              required("remember_me_default_value", boolean()),
              required("mfa_session_inactivity_timeout",
                       integer("Seconds without a login").range(kHour, 30 * kDay)),
              required("mfa_session_overall_timeout",
                       integer("Seconds in all").range(kHour, 90 * kDay))}),
      {{"display_remember_me_checkbox", true},
       {"remember_me_default_value", false},
       {"mfa_session_inactivity_timeout", 7 * kDay},
       {"mfa_session_overall_timeout", 30 * kDay}}};
  return sheet;
}

const TenantEndpoints::Sheet& TenantEndpoints::risk_assessment() {
  static const Sheet sheet{SettingGroup::RiskAssessment,
                           object({required("enabled", boolean("Whether risk is assessed"))}),
                           {{"enabled", false}}};
  return sheet;
}

const TenantEndpoints::Sheet& TenantEndpoints::new_device() {
  static const Sheet sheet{
      SettingGroup::NewDevice,
      object({required("remember_for", integer("Days a place is known for").range(1, 365))}),
      {{"remember_for", 30}}};
  return sheet;
}

std::vector<Route> TenantEndpoints::routes() {
  const std::vector<std::string> reading{"read:tenant_settings", "read:guardian_factors"};
  const auto showing = [this](const Sheet& sheet) {
    return [this, &sheet](const Request& request) { return show(request, sheet); };
  };
  const auto setting = [this](const Sheet& sheet) {
    return [this, &sheet](const Request& request) { return set(request, sheet); };
  };
  const char* const risks = "/api/v2/risk-assessments/settings";
  const char* const devices = "/api/v2/risk-assessments/settings/new-device";
  return {
      {"A04",
       Method::Get,
       "/api/v2/tenants/settings",
       reading,
       [this](const auto& r) { return tenant(r); }},
      {"A05",
       Method::Patch,
       "/api/v2/tenants/settings",
       {"update:tenant_settings"},
       [this](const auto& r) { return change_tenant(r); }},
      {"G07", Method::Get, "/api/v2/guardian/settings", reading, showing(remembering())},
      {"G08",
       Method::Put,
       "/api/v2/guardian/settings",
       {"update:tenant_settings", "update:guardian_factors"},
       [this](const auto& r) { return set_remembering(r); }},
      {"A12", Method::Get, risks, {"read:attack_protection"}, showing(risk_assessment())},
      {"A13", Method::Patch, risks, {"update:attack_protection"}, setting(risk_assessment())},
      {"A14", Method::Get, devices, {"read:attack_protection"}, showing(new_device())},
      {"A15", Method::Patch, devices, {"update:attack_protection"}, setting(new_device())},
  };
}

Response TenantEndpoints::tenant(const Request& request) {
  const auto selection = selection_of(request);
  if (!selection) return selection.refusal();
  const auto stored = groups_.read(SettingGroup::Tenant);
  if (!stored) return error_response(request, stored.error());
  return json_response(200, selected(tenant_of(*stored), *selection));
}

Response TenantEndpoints::change_tenant(const Request& request) {
  const auto body = tenant_schema().read(request);
  if (!body) return body.refusal();
  const auto set = groups_.edit(
      SettingGroup::Tenant,
      [&body](const SettingFields& stored) { return changed_tenant(stored, *body); },
      actor_of(request));
  if (!set) return error_response(request, set.error());
  return json_response(200, tenant_of(*set));
}

Response TenantEndpoints::show(const Request& request, const Sheet& sheet) {
  const auto stored = groups_.read(sheet.group);
  if (!stored) return error_response(request, stored.error());
  auto body = sheet.defaults;
  body.update(view(*stored, {}, ProviderSecrets::Masked));
  return json_response(200, body);
}

Response TenantEndpoints::set(const Request& request, const Sheet& sheet) {
  const auto body = sheet.schema.read(request);
  if (!body) return body.refusal();
  const auto set = groups_.edit(
      sheet.group, [&body](const auto&) { return fields_of(*body); }, actor_of(request));
  if (!set) return error_response(request, set.error());
  return json_response(200, *body);
}

Response TenantEndpoints::set_remembering(const Request& request) {
  const auto body = remembering().schema.read(request);
  if (!body) return body.refusal();
  const char* const inactivity = "mfa_session_inactivity_timeout";
  const auto overall = body->at("mfa_session_overall_timeout").get<std::int64_t>();
  const auto value = body->at(inactivity).get<std::int64_t>();
  if (value > overall) {
    return body_error({.what = "Value " + std::to_string(value) + " is greater than maximum " +
                               std::to_string(overall),
                       .where = inactivity,
                       .description = "Seconds without a login, not above the overall timeout"});
  }
  return set(request, remembering());
}

}  // namespace twinlock::http
