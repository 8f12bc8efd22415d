// SPDX-License-Identifier: MIT
#include "daemon/http/authenticator_settings_endpoints.h"

#include <algorithm>
#include <optional>

#include "common/counted.h"
#include "daemon/http/actor.h"
#include "daemon/http/errors.h"
#include "daemon/http/json.h"
#include "daemon/http/schema.h"
#include "daemon/http/setting_fields.h"

namespace twinlock::http {
namespace {

constexpr std::string_view kRelyingParty = "relyingPartyIdentifier";

const std::vector<std::string>& duo_secrets() {
  static const std::vector<std::string> names{"skey"};
  return names;
}

const Schema& duo_schema() {
  static const Schema schema = object({optional("ikey", string().length(0, 10000)),
                                       optional("skey", string().length(1, 10000)),
                                       optional("host", string().length(0, 10000))});
  return schema;
}

// Letters, digits and hyphens between dots; no address, no port.
bool is_host_name(std::string_view text) {
  constexpr std::size_t kLongest = 253;
  if (text.empty() || text.size() > kLongest || text.front() == '.' || text.back() == '.') {
    return false;
  }
  return text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

const Schema& webauthn_schema(SettingGroup group) {
  const auto party = [] {
    return optional(std::string(kRelyingParty), string().format("host name", is_host_name));
  };
  static const Schema platform = object({optional("overrideRelyingParty", boolean()), party()});
  static const Schema roaming = object(
      {optional("userVerification", string().one_of({"discouraged", "preferred", "required"})),
       optional("overrideRelyingParty", boolean()),
       party()});
  return group == SettingGroup::WebauthnRoaming ? roaming : platform;
}

// Whether a browser at `host` lets `party` be the relying party (WebAuthn Level 3 §5.1.3): itself,
// or a domain that it belongs to.
bool may_be_relying_party(std::string_view party, std::string_view host) {
  if (party == host) return true;
  return party.find('.') != std::string_view::npos && host.ends_with(party) &&
         host[host.size() - party.size() - 1] == '.';
}

}  // namespace

std::vector<Route> AuthenticatorSettingsEndpoints::routes() {
  const std::vector<std::string> reading{"read:guardian_factors"};
  const std::vector<std::string> writing{"update:guardian_factors"};
  const std::string base = "/api/v2/guardian/factors/";
  std::vector<Route> routes{
      {"G39",
       Method::Get,
       base + "duo/settings",
       reading,
       [this](const auto& r) { return duo(r); }},
      {"G40",
       Method::Put,
       base + "duo/settings",
       writing,
       [this](const auto& r) { return set_duo(r, true); }},
      {"G41",
       Method::Patch,
       base + "duo/settings",
       writing,
       [this](const auto& r) { return set_duo(r, false); }},
  };
  struct Kind {
    const char* read;
    const char* write;
    const char* name;
    SettingGroup group;
  };
  for (const auto& [read, write, name, group] :
       {Kind{"G42", "G43", "webauthn-roaming", SettingGroup::WebauthnRoaming},
        Kind{"G44", "G45", "webauthn-platform", SettingGroup::WebauthnPlatform}}) {
    const auto path = base + name + "/settings";
    routes.push_back({read, Method::Get, path, reading, [this, group = group](const auto& r) {
                        return webauthn(r, group);
                      }});
    routes.push_back({write, Method::Put, path, writing, [this, group = group](const auto& r) {
                        return set_webauthn(r, group);
                      }});
  }
  return routes;
}

Response AuthenticatorSettingsEndpoints::duo(const Request& request) {
  const auto fields = groups_.read(SettingGroup::Duo);
  if (!fields) return error_response(request, fields.error());
  return json_response(200, view(*fields, duo_secrets(), options_.provider_secrets));
}

Response AuthenticatorSettingsEndpoints::set_duo(const Request& request, bool replaces) {
  const auto body = duo_schema().read(request);
  if (!body) return body.refusal();
  const auto set = groups_.edit(
      SettingGroup::Duo,
      [&](const SettingFields& stored) {
        return replaces ? replaced(stored, *body, duo_secrets())
                        : merged(stored, *body, duo_secrets());
      },
      actor_of(request));
  if (!set) return error_response(request, set.error());
  return json_response(200, view(*set, duo_secrets(), options_.provider_secrets));
}

Response AuthenticatorSettingsEndpoints::webauthn(const Request& request, SettingGroup group) {
  const auto fields = groups_.read(group);
  if (!fields) return error_response(request, fields.error());
  Json body{{"overrideRelyingParty", false}};
  if (group == SettingGroup::WebauthnRoaming) body["userVerification"] = "preferred";  // S98
  body.update(view(*fields, {}, ProviderSecrets::Masked));
  return json_response(200, body);
}

std::string AuthenticatorSettingsEndpoints::relying_party(const SettingFields& fields) const {
  const auto found = fields.find("overrideRelyingParty");
  const bool overrides = found != fields.end() && found->second == SettingValue(true);
  const auto party = text_in(fields, kRelyingParty);
  return overrides && !party.empty() ? party : options_.host();
}

Response AuthenticatorSettingsEndpoints::set_webauthn(const Request& request, SettingGroup group) {
  const auto body = webauthn_schema(group).read(request);
  if (!body) return body.refusal();
  const std::string name(kRelyingParty);
  if (body->contains(name) &&
      !may_be_relying_party(body->at(name).get<std::string>(), options_.host())) {
    return body_error({.what = "Not " + options_.host() + " or a domain that it belongs to",
                       .where = name,
                       .description = "The relying party of security keys"});
  }
  const auto set = groups_.edit(
      group,
      [&](const SettingFields& stored) -> Result<SettingFields> {
        auto fields = merged(stored, *body, {});
        if (relying_party(fields) == relying_party(stored)) return fields;
        const auto keys = count_keys_();
        if (!keys) return keys.error();
        if (*keys == 0) return fields;
        return Error{ErrorCode::Conflict,
                     "The relying party can't change: " + counted(*keys, "key") + " enrolled for " +
                         relying_party(stored) + " would not work any more. Remove them first."};
      },
      actor_of(request));
  if (!set) return error_response(request, set.error());
  return json_response(200, *body);
}

}  // namespace twinlock::http
