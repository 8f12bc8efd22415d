// SPDX-License-Identifier: MIT
#include "daemon/http/factor_endpoints.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "daemon/domain/factor.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/scope.h"
#include "daemon/http/actor.h"
#include "daemon/http/code_settings.h"
#include "daemon/http/errors.h"
#include "daemon/http/json.h"
#include "daemon/http/paging.h"
#include "daemon/http/schema.h"

namespace twinlock::http {
namespace {

const Schema& switch_schema() {
  static const Schema schema =
      object({required("enabled", boolean("Whether this factor is enabled"))})
          .tolerate({"name", "trial_expired"});
  return schema;
}

const Schema& policies_schema() {
  static const Schema schema =
      array(string().one_of({"all-applications", "confidence-score"})).size(0, 1).unique();
  return schema;
}

bool is_on(const RuntimeSettings& settings, Factor factor) {
  const auto& on = settings.enabled;
  return std::find(on.begin(), on.end(), factor) != on.end();
}

// Whether logins have `factor` and nothing beside it (S67): others that are on are no help.
bool is_last(const RuntimeSettings& settings, Factor factor) {
  const auto answers = [&settings](Factor one) { return is_on(settings, one); };
  return std::count_if(kLoginFactors.begin(), kLoginFactors.end(), answers) == 1 &&
         std::find(kLoginFactors.begin(), kLoginFactors.end(), factor) != kLoginFactors.end() &&
         is_on(settings, factor);
}

Json view(const RuntimeSettings& settings, Factor factor) {
  return {{"name", factor_name(factor)},
          {"enabled", is_on(settings, factor)},
          {"trial_expired", false}};
}

// In the order of kFactors: what include_settings shows of those that send codes.
std::optional<SettingGroup> codes_of(Factor factor) {
  if (factor == Factor::Sms) return SettingGroup::PhoneCodes;
  if (factor == Factor::Email) return SettingGroup::EmailCodes;
  return std::nullopt;
}

Json view(LoginPolicy policy) {
  auto policies = Json::array();
  if (policy != LoginPolicy::None) policies.push_back(login_policy_name(policy));
  return policies;
}

Parsed<Factor> factor_in(const Request& request) {
  const auto& name = request.parameter("name");
  if (const auto factor = factor_named(name)) return *factor;
  return path_error(
      {.what = "No enum match for: " + name, .where = "name", .description = "Factor name"});
}

}  // namespace

std::vector<Route> FactorEndpoints::routes() {
  const std::vector<std::string> reading{"read:guardian_factors"};
  const std::vector<std::string> writing{"update:guardian_factors"};
  const std::vector<std::string> reading_policies{"read:mfa_policies", "read:guardian_factors"};
  const std::vector<std::string> writing_policies{"update:mfa_policies", "update:guardian_factors"};
  const char* const factors = "/api/v2/guardian/factors";
  const char* const factor = "/api/v2/guardian/factors/{name}";
  const char* const policies = "/api/v2/guardian/policies";
  const auto set_them = [this](const Request& request) { return set_policies(request); };
  return {
      {"G01", Method::Get, factors, reading, [this](const auto& r) { return list(r); }},
      {"G02", Method::Get, factor, reading, [this](const auto& r) { return show(r); }},
      {"G03", Method::Put, factor, writing, [this](const auto& r) { return set(r); }},
      {"G04",
       Method::Get,
       policies,
       reading_policies,
       [this](const auto& r) { return this->policies(r); }},
      {"G05", Method::Put, policies, writing_policies, set_them},
      {"G06", Method::Patch, policies, writing_policies, set_them},
  };
}

Response FactorEndpoints::list(const Request& request) {
  const auto with_settings = query_boolean(request, "include_settings");
  if (!with_settings) return with_settings.refusal();
  const auto settings = administration_.settings();
  if (!settings) return error_response(request, settings.error());
  auto factors = Json::array();
  for (const auto factor : kFactors) {
    auto entry = view(*settings, factor);
    if (with_settings->value_or(false)) {
      entry["settings"] = Json::object();
      if (const auto group = codes_of(factor)) {
        const auto codes = groups_.read(*group);
        if (!codes) return error_response(request, codes.error());
        entry["settings"] = code_settings_view(*codes);
      }
    }
    factors.push_back(std::move(entry));
  }
  return json_response(200, factors);
}

Response FactorEndpoints::show(const Request& request) {
  const auto factor = factor_in(request);
  if (!factor) return factor.refusal();
  const auto settings = administration_.settings();
  if (!settings) return error_response(request, settings.error());
  return json_response(200, view(*settings, *factor));
}

Response FactorEndpoints::set(const Request& request) {
  const auto factor = factor_in(request);
  if (!factor) return factor.refusal();
  const auto body = switch_schema().read(request);
  if (!body) return body.refusal();
  const bool enabled = body->at("enabled").get<bool>();
  const auto settings = administration_.settings();
  if (!settings) return error_response(request, settings.error());
  if (!enabled && is_last(*settings, *factor) && !request.caller.scopes.contains(kDisableMfa)) {
    return insufficient_scope({std::string(kDisableMfa)});
  }
  const auto done = administration_.set_factor(*factor, enabled, actor_of(request));
  if (!done) return error_response(request, done.error());
  return json_response(
      200, {{"name", factor_name(*factor)}, {"enabled", enabled}, {"trial_expired", false}});
}

Response FactorEndpoints::policies(const Request& request) {
  const auto settings = administration_.settings();
  if (!settings) return error_response(request, settings.error());
  return json_response(200, view(settings->policy));
}

Response FactorEndpoints::set_policies(const Request& request) {
  const auto body = policies_schema().read(request);
  if (!body) return body.refusal();
  const auto policy = body->empty() ? LoginPolicy::None
                                    : login_policy_named(body->front().get<std::string>())
                                          .value_or(LoginPolicy::AllApplications);
  const auto settings = administration_.settings();
  if (!settings) return error_response(request, settings.error());
  if (policy == LoginPolicy::None && !request.caller.scopes.contains(kDisableMfa)) {
    // What is so already stays so, and isn't written: another may just be changing it.
    if (settings->policy == LoginPolicy::None) return json_response(200, view(policy));
    return insufficient_scope({std::string(kDisableMfa)});
  }
  const auto done = administration_.set_policy(policy, actor_of(request));
  if (!done) return error_response(request, done.error());
  return json_response(200, view(policy));
}

}  // namespace twinlock::http
