// SPDX-License-Identifier: MIT
#include "daemon/http/push_endpoints.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/http/actor.h"
#include "daemon/http/errors.h"
#include "daemon/http/pkcs12.h"
#include "daemon/http/schema.h"
#include "daemon/http/setting_fields.h"

namespace twinlock::http {
namespace {

using Names = std::vector<std::string>;

// ^(us-east|us-west|…)-[0-9]{1,2}$
bool is_aws_region(std::string_view text) {
  const auto dash = text.rfind('-');
  if (dash == std::string_view::npos) return false;
  const auto area = text.substr(0, dash);
  const auto number = text.substr(dash + 1);
  constexpr std::array<std::string_view, 7> kAreas{
      "us-east", "us-west", "ap-southeast", "ap-northeast", "ap-central", "eu-west", "eu-central"};
  return std::find(kAreas.begin(), kAreas.end(), area) != kAreas.end() && !number.empty() &&
         number.size() <= 2 &&
         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

const Schema& provider_schema() {
  static const Schema schema =
      object({required("provider", string().one_of({"guardian", "sns", "direct"}))});
  return schema;
}

const Names& sns_secrets() {
  static const Names names{"aws_secret_access_key"};
  return names;
}

const Schema& sns_schema() {
  const auto text = [] { return string().length(1, 1000).or_null(); };
  static const Schema schema =
      object({optional("aws_access_key_id", text()),
              optional("aws_secret_access_key", text()),
              optional("aws_region",
                       string().length(1, 1000).format("AWS region", is_aws_region).or_null()),
              optional("sns_apns_platform_application_arn", text()),
              optional("sns_gcm_platform_application_arn", text())});
  return schema;
}

const Schema& apns_schema() {
  static const Schema schema = object({optional("sandbox", boolean()),
                                       optional("bundle_id", string().length(1, 1000).or_null()),
                                       optional("p12", string().length(1, 10000).or_null())});
  return schema;
}

const Schema& fcm_schema() {
  static const Schema schema = object({optional("server_key", string().length(1, 152).or_null())});
  return schema;
}

const Schema& fcm_v1_schema() {
  static const Schema schema =
      object({optional("server_credentials", string().length(1, 10000).or_null())});
  return schema;
}

const Schema& prompt_schema() {
  static const Schema schema = object({optional("app_name", string().length(0, 1000)),
                                       optional("apple_app_link", string().length(0, 2000)),
                                       optional("google_app_link", string().length(0, 2000))});
  return schema;
}

}  // namespace

std::vector<Route> PushEndpoints::routes() {
  const std::string base = "/api/v2/guardian/factors/push-notification/";
  const Names reading{"read:guardian_factors"};
  const Names writing{"update:guardian_factors"};
  std::vector<Route> routes{
      {"G27",
       Method::Get,
       base + "selected-provider",
       reading,
       [this](const auto& r) { return provider(r); }},
      {"G28",
       Method::Put,
       base + "selected-provider",
       writing,
       [this](const auto& r) { return select_provider(r); }},
      {"G29",
       Method::Get,
       base + "providers/sns",
       reading,
       [this](const auto& r) { return sns(r); }},
      {"G32",
       Method::Get,
       base + "providers/apns",
       reading,
       [this](const auto& r) { return apns(r); }},
      {"A08",
       Method::Get,
       "/api/v2/prompts/mfa-push",
       {"read:prompts", "read:guardian_factors"},
       [this](const auto& r) { return prompt(r); }},
      {"A09",
       Method::Patch,
       "/api/v2/prompts/mfa-push",
       {"update:prompts", "update:guardian_factors"},
       [this](const auto& r) { return set_prompt(r); }},
  };
  using Setter = Response (PushEndpoints::*)(const Request&, Write);
  struct Writable {
    const char* put;
    const char* patch;
    const char* name;
    Setter set;
  };
  for (const auto& [put, patch, name, set] :
       {Writable{"G30", "G31", "sns", &PushEndpoints::set_sns},
        Writable{"G33", "G34", "apns", &PushEndpoints::set_apns},
        Writable{"G35", "G36", "fcm", &PushEndpoints::set_fcm},
        Writable{"G37", "G38", "fcmv1", &PushEndpoints::set_fcm_v1}}) {
    const auto path = base + "providers/" + name;
    routes.push_back({put, Method::Put, path, writing, [this, set = set](const auto& r) {
                        return (this->*set)(r, Write::Replace);
                      }});
    routes.push_back({patch, Method::Patch, path, writing, [this, set = set](const auto& r) {
                        return (this->*set)(r, Write::Merge);
                      }});
  }
  return routes;
}

Result<SettingFields> PushEndpoints::store(const Request& request,
                                           SettingGroup group,
                                           const Json& body,
                                           const Names& secrets,
                                           Write write) {
  return groups_.edit(
      group,
      [&](const SettingFields& stored) {
        return write == Write::Merge ? merged(stored, body, secrets)
                                     : replaced(stored, body, secrets);
      },
      actor_of(request));
}

Response PushEndpoints::provider(const Request& request) {
  const auto fields = groups_.read(SettingGroup::PushProvider);
  if (!fields) return error_response(request, fields.error());
  const auto chosen = text_in(*fields, "provider");
  return json_response(200, {{"provider", chosen.empty() ? "guardian" : chosen}});
}

Response PushEndpoints::select_provider(const Request& request) {
  const auto body = provider_schema().read(request);
  if (!body) return body.refusal();
  const auto set = store(request, SettingGroup::PushProvider, *body, {}, Write::Replace);
  if (!set) return error_response(request, set.error());
  return json_response(200, *body);
}

Response PushEndpoints::sns(const Request& request) {
  const auto fields = groups_.read(SettingGroup::PushSns);
  if (!fields) return error_response(request, fields.error());
  return json_response(
      200, view(without(*fields, sns_secrets()), sns_secrets(), options_.provider_secrets));
}

Response PushEndpoints::set_sns(const Request& request, Write write) {
  const auto body = sns_schema().read(request);
  if (!body) return body.refusal();
  const auto set = store(request, SettingGroup::PushSns, *body, sns_secrets(), write);
  if (!set) return error_response(request, set.error());
  return json_response(200, view(only_sent(*set, *body), sns_secrets(), options_.provider_secrets));
}

Response PushEndpoints::apns(const Request& request) {
  const auto fields = groups_.read(SettingGroup::PushApns);
  if (!fields) return error_response(request, fields.error());
  auto body = view(without(*fields, {"p12"}), {}, options_.provider_secrets);
  body["enabled"] = fields->contains("p12");
  return json_response(200, body);
}

Response PushEndpoints::set_apns(const Request& request, Write write) {
  const auto body = apns_schema().read(request);
  if (!body) return body.refusal();
  if (body->contains("p12") && body->at("p12").is_string() && body->at("p12") != kMask &&
      !is_pkcs12(body->at("p12").get<std::string>())) {
    return api_error(400,
                     "The PKCS #12 file is invalid. Send its bytes in base64, as openssl pkcs12 "
                     "-export makes them.",
                     "invalid_body");
  }
  const auto set = store(request, SettingGroup::PushApns, *body, {"p12"}, write);
  if (!set) return error_response(request, set.error());
  return json_response(200,
                       view(without(only_sent(*set, *body), {"p12"}), {}, ProviderSecrets::Masked));
}

Response PushEndpoints::set_fcm(const Request& request, Write write) {
  const auto body = fcm_schema().read(request);
  if (!body) return body.refusal();
  const auto set = store(request, SettingGroup::PushFcm, *body, {"server_key"}, write);
  if (!set) return error_response(request, set.error());
  return json_response(200, Json::object());
}

Response PushEndpoints::set_fcm_v1(const Request& request, Write write) {
  const auto body = fcm_v1_schema().read(request);
  if (!body) return body.refusal();
  const auto set = store(request, SettingGroup::PushFcmV1, *body, {"server_credentials"}, write);
  if (!set) return error_response(request, set.error());
  return json_response(200, Json::object());
}

Response PushEndpoints::prompt(const Request& request) {
  const auto fields = groups_.read(SettingGroup::PushPrompt);
  if (!fields) return error_response(request, fields.error());
  return json_response(200, view(*fields, {}, options_.provider_secrets));
}

Response PushEndpoints::set_prompt(const Request& request) {
  const auto body = prompt_schema().read(request);
  if (!body) return body.refusal();
  const auto set = store(request, SettingGroup::PushPrompt, *body, {}, Write::Merge);
  if (!set) return error_response(request, set.error());
  return json_response(200, view(*set, {}, options_.provider_secrets));
}

}  // namespace twinlock::http
