// SPDX-License-Identifier: MIT
#include "daemon/http/phone_endpoints.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/encoding.h"
#include "daemon/http/actor.h"
#include "daemon/http/code_settings.h"
#include "daemon/http/errors.h"
#include "daemon/http/json.h"
#include "daemon/http/schema.h"
#include "daemon/http/setting_fields.h"
#include "daemon/http/settings.h"
#include "daemon/http/syntax.h"
#include "daemon/http/target.h"

namespace twinlock::http {
namespace {

using Names = std::vector<std::string>;

constexpr const char* kEnrollment =
    "{{code}} is your verification code for {{tenant.friendly_name}}. Please enter this code to "
    "verify your enrollment.";
constexpr const char* kVerification =
    "{{code}} is your verification code for {{tenant.friendly_name}}";

const Schema& message_types_schema() {
  static const Schema schema =
      object({required("message_types", array(string().one_of({"sms", "voice"})).unique())});
  return schema;
}

const Schema& provider_schema() {
  static const Schema schema = object({required("provider",
                                                string().one_of({"auth0",
                                                                 "twilio",
                                                                 "phone-message-hook",
                                                                 "phone_message_hook",
                                                                 "vonage",
                                                                 "aws_sns",
                                                                 "aws-sns"}))});
  return schema;
}

// As it is answered, whichever of its spellings was sent.
std::string canonical_provider(std::string name) {
  if (name == "phone_message_hook") return "phone-message-hook";
  if (name == "aws-sns") return "aws_sns";
  return name;
}

const Schema& templates_schema() {
  const auto text = [] {
    return string().length(1, 1600).format(
        "text", [](std::string_view sent) { return printable(sent, sent.size(), true) == sent; });
  };
  static const Schema schema =
      object({required("enrollment_message", text()), required("verification_message", text())});
  return schema;
}

Schema credential() {
  return string().length(1, 1000).format("printable", is_printable).secret().or_null();
}

Schema sender() { return string().length(0, 64).format("printable", is_printable).or_null(); }

bool is_https(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  const auto end = text.find_first_of("/?#", kScheme.size());
  return text.starts_with(kScheme) && PublicUrl::parse(text.substr(0, end)) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// As in "eu-west-1": it becomes part of a host's name.
bool is_aws_region(std::string_view text) {
  constexpr std::size_t kLongest = 32;
  return text.size() <= kLongest && text.find('-') != std::string_view::npos &&
         std::all_of(text.begin(),
                     text.end(),
                     [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; }) &&
         text.front() != '-' && is_digit(text.back());
}

}  // namespace

// What a provider needs to send for us.
struct PhoneEndpoints::Provider {
  const char* reading;  // the ids of its routes
  const char* writing;
  const char* name;
  SettingGroup group;
  Schema schema;
  Names secrets;
  Names never_read;  // of the secrets, those that no GET answers (§1.10)
};

const std::vector<PhoneEndpoints::Provider>& PhoneEndpoints::providers() {
  static const std::vector<Provider> all{
      {"G15",
       "G16",
       "twilio",
       SettingGroup::Twilio,
       object({optional("from", sender()),
               optional("messaging_service_sid", credential()),
               optional("auth_token", credential()),
               optional("sid", credential())}),
       {"auth_token"},
       {}},
      {"G50",
       "G51",
       "vonage",
       SettingGroup::Vonage,
       object({optional("from", sender()),
               optional("api_key", credential()),
               optional("api_secret", credential()),
               optional("signature_secret", credential())}),
       {"api_secret", "signature_secret"},
       {}},
      {"G50",
       "G51",
       "aws-sns",
       SettingGroup::AwsSns,
       object({optional("aws_access_key_id", credential()),
               optional("aws_secret_access_key", credential()),
               optional("aws_region",
                        string().length(1, 1000).format("AWS region", is_aws_region).or_null()),
               optional("sender_id", string().length(1, 11).or_null())}),
       {"aws_secret_access_key"},
       {"aws_secret_access_key"}},
      {"G50",
       "G51",
       "webhook",
       SettingGroup::Webhook,
       object({optional("url", string().length(1, 2000).format("https URL", is_https).or_null()),
               optional("secret", credential())}),
       {"secret"},
       {}},
  };
  return all;
}

std::vector<Route> PhoneEndpoints::routes() {
  const Names reading{"read:guardian_factors"};
  const Names writing{"update:guardian_factors"};
  std::vector<Route> routes;
  const auto add = [&](const char* id, Method method, const std::string& path, Handler handler) {
    routes.push_back({id,
                      method,
                      "/api/v2/guardian/factors/" + path,
                      method == Method::Get ? reading : writing,
                      std::move(handler)});
  };
  add("G09", Method::Get, "phone/message-types", [this](const auto& r) {
    return message_types(r);
  });
  add("G10", Method::Put, "phone/message-types", [this](const auto& r) {
    return set_message_types(r);
  });
  struct Spelling {
    const char* name;
    const char* selected;
    const char* select;
    const char* templates;
    const char* set_templates;
    const char* twilio;
    const char* set_twilio;
  };
  for (const Spelling& ids : {Spelling{"phone", "G11", "G12", "G19", "G20", "G15", "G16"},
                              Spelling{"sms", "G13", "G14", "G21", "G22", "G17", "G18"}}) {
    const std::string name = ids.name;
    add(ids.selected, Method::Get, name + "/selected-provider", [this](const auto& r) {
      return selected_provider(r);
    });
    add(ids.select, Method::Put, name + "/selected-provider", [this](const auto& r) {
      return select_provider(r);
    });
    add(ids.templates, Method::Get, name + "/templates", [this](const auto& r) {
      return templates(r);
    });
    add(ids.set_templates, Method::Put, name + "/templates", [this](const auto& r) {
      return set_templates(r);
    });
    for (const auto& provider : providers()) {
      const bool is_twilio = provider.group == SettingGroup::Twilio;
      const auto path = name + "/providers/" + provider.name;
      add(is_twilio ? ids.twilio : provider.reading,
          Method::Get,
          path,
          [this, &provider](const auto& r) { return credentials(r, provider); });
      add(is_twilio ? ids.set_twilio : provider.writing,
          Method::Put,
          path,
          [this, &provider](const auto& r) { return set_credentials(r, provider); });
    }
  }
  for (const auto& [read, write, name, group] :
       {std::tuple{"G23", "G24", "phone", SettingGroup::PhoneCodes},
        std::tuple{"G25", "G26", "email", SettingGroup::EmailCodes}}) {
    const auto path = std::string(name) + "/settings";
    add(read, Method::Get, path, [this, group = group](const auto& r) { return codes(r, group); });
    add(write, Method::Put, path, [this, group = group](const auto& r) {
      return set_codes(r, group);
    });
  }
  return routes;
}

Response PhoneEndpoints::message_types(const Request& request) {
  const auto fields = groups_.read(SettingGroup::PhoneMessageTypes);
  if (!fields) return error_response(request, fields.error());
  Json body{{"message_types", Names{"sms"}}};
  body.update(view(*fields, {}, ProviderSecrets::Masked));
  // AuthHero's console, and nobody else, chokes on the object and sends this header.
  if (!request.header("tenant-id")) return json_response(200, body);
  auto list = Json::array();
  for (const auto& type : body["message_types"]) list.push_back({{"message_type", type}});
  return json_response(200, list);
}

Response PhoneEndpoints::set_message_types(const Request& request) {
  const auto body = message_types_schema().read(request);
  if (!body) return body.refusal();
  const auto set = groups_.edit(
      SettingGroup::PhoneMessageTypes,
      [&body](const auto&) { return fields_of(*body); },
      actor_of(request));
  if (!set) return error_response(request, set.error());
  return json_response(200, *body);
}

Response PhoneEndpoints::selected_provider(const Request& request) {
  const auto fields = groups_.read(SettingGroup::PhoneProvider);
  if (!fields) return error_response(request, fields.error());
  const auto chosen = text_in(*fields, "provider");
  return json_response(200, {{"provider", chosen.empty() ? "twilio" : chosen}});
}

Response PhoneEndpoints::select_provider(const Request& request) {
  const auto body = provider_schema().read(request);
  if (!body) return body.refusal();
  const auto provider = canonical_provider(body->at("provider").get<std::string>());
  const auto set = groups_.edit(
      SettingGroup::PhoneProvider,
      [&provider](const auto&) {
        return SettingFields{{"provider", provider}};
      },
      actor_of(request));
  if (!set) return error_response(request, set.error());
  return json_response(200, {{"provider", provider}});
}

Response PhoneEndpoints::credentials(const Request& request, const Provider& provider) {
  const auto fields = groups_.read(provider.group);
  if (!fields) return error_response(request, fields.error());
  const auto readable = without(*fields, provider.never_read);
  return json_response(200, view(readable, provider.secrets, options_.provider_secrets));
}

Response PhoneEndpoints::set_credentials(const Request& request, const Provider& provider) {
  const auto body = provider.schema.read(request);
  if (!body) return body.refusal();
  const auto set = groups_.edit(
      provider.group,
      [&](const SettingFields& stored) {
        auto fields = replaced(stored, *body, provider.secrets);
        // Whoever reads only stars can't send a secret back, and may well leave it out.
        if (options_.provider_secrets == ProviderSecrets::Plain) return fields;
        for (const auto& secret : provider.secrets) {
          const auto found = stored.find(secret);
          if (found != stored.end() && !body->contains(secret)) fields.insert(*found);
        }
        return fields;
      },
      actor_of(request));
  if (!set) return error_response(request, set.error());
  return json_response(200, view(*set, provider.secrets, options_.provider_secrets));
}

Response PhoneEndpoints::templates(const Request& request) {
  const auto fields = groups_.read(SettingGroup::PhoneTemplates);
  if (!fields) return error_response(request, fields.error());
  Json body{{"enrollment_message", kEnrollment}, {"verification_message", kVerification}};
  body.update(view(*fields, {}, ProviderSecrets::Masked));
  return json_response(200, body);
}

Response PhoneEndpoints::set_templates(const Request& request) {
  const auto body = templates_schema().read(request);
  if (!body) return body.refusal();
  for (const auto& [name, text] : body->items()) {
    // S85: no template language evaluates anything.
    if (text.get<std::string>().find("{%") == std::string::npos) continue;
    return api_error(400,
                     "Invalid " + name +
                         " template: it has a {% tag, and nothing is evaluated here; there is "
                         "{{code}}, {{tenant.friendly_name}}, {{service}} and {{host}}.",
                     "invalid_body");
  }
  const auto set = groups_.edit(
      SettingGroup::PhoneTemplates,
      [&body](const auto&) { return fields_of(*body); },
      actor_of(request));
  if (!set) return error_response(request, set.error());
  return json_response(200, *body);
}

Response PhoneEndpoints::codes(const Request& request, SettingGroup group) {
  const auto fields = groups_.read(group);
  if (!fields) return error_response(request, fields.error());
  return json_response(200, code_settings_view(*fields));
}

Response PhoneEndpoints::set_codes(const Request& request, SettingGroup group) {
  const auto body = code_settings_schema().read(request);
  if (!body) return body.refusal();
  const auto set = groups_.edit(
      group, [&body](const auto&) { return fields_of(*body); }, actor_of(request));
  if (!set) return error_response(request, set.error());
  return json_response(200, *body);
}

}  // namespace twinlock::http
