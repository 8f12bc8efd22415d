// SPDX-License-Identifier: MIT
#include "daemon/http/method_request.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "common/encoding.h"
#include "daemon/domain/contact.h"
#include "daemon/http/errors.h"
#include "daemon/http/schema.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kLongestName = 64;   // characters
constexpr std::size_t kLongestOfU09 = 20;  // characters
constexpr std::size_t kLongestKeyField = 4096;

bool is_base64url(std::string_view text) {
  const auto end = text.find_last_not_of('=') + 1;
  return end > 0 && text.size() - end <= 2 &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_';
         });
}

bool is_phone_number(std::string_view text) { return parse_phone_number(text).has_value(); }
bool is_seed(std::string_view text) { return parse_seed(text).has_value(); }
bool is_host(std::string_view text) { return is_mail_address("x@" + std::string(text)); }

Schema name_schema(std::size_t longest) {
  return string("The name of the authentication method")
      .length(1, longest)
      .format("printable", is_printable);
}

Schema number_schema() {
  return string("The phone number, in E.164").format("phone-number", is_phone_number);
}

Schema address_schema() { return string("The mail address").format("email", is_mail_address); }
Schema seed_schema() {
  return string("The seed, in base32, of at least 80 bits").format("base32", is_seed).secret();
}

Schema channel_schema() {
  return string("The channel that is tried first").one_of({"sms", "voice"});
}

Schema key_schema(const char* description) {
  return string(description).length(1, kLongestKeyField).format("base64url", is_base64url);
}

Schema text_schema(const char* description) {
  return string(description).length(1, kLongestKeyField).format("printable", is_printable);
}

const Schema& creation_schema() {
  static const Schema schema = object(
      {required("type",
                string("The type of the authentication method")
                    .one_of({"phone",
                             "email",
                             "totp",
                             "webauthn-roaming",
                             "webauthn_roaming",
                             "webauthn-platform",
                             "webauthn_platform",
                             "passkey",
                             "push"})),
       optional("name", name_schema(kLongestName)),
       optional("friendly_name", name_schema(kLongestName)),
       optional("confirmed", boolean("Whether it counts at once")),
       optional("totp_secret", seed_schema()),
       optional("phone_number", number_schema()),
       optional("preferred_authentication_method", channel_schema()),
       optional("email", address_schema()),
       optional("key_id", key_schema("The id of the credential")),
       optional("credential_id", key_schema("The id of the credential")),
       optional("public_key", key_schema("The public key, in COSE")),
       optional(
           "sign_count",
           integer("The signature counter").range(0, std::numeric_limits<std::uint32_t>::max())),
       optional("credential_device_type",
                string("Where the credential lives").one_of({"single_device", "multi_device"})),
       optional("credential_backed_up", boolean("Whether it is backed up")),
       optional("transports",
                array(string().one_of({"usb", "nfc", "ble", "internal", "hybrid", "smart-card"}))
                    .unique()),
       optional("relying_party_identifier",
                string("The relying party").length(1, 253).format("hostname", is_host)),
       optional("aaguid", text_schema("The model of the authenticator")),
       optional("user_handle", text_schema("The user, for the authenticator")),
       optional("user_agent", text_schema("What it was registered with")),
       optional("identity_user_id", text_schema("The identity it belongs to"))});
  return schema;
}

const Schema& replacement_schema() {
  static const Schema schema =
      array(object({required("type", string("The type").one_of({"phone", "email", "totp"})),
                    optional("name", name_schema(kLongestOfU09)),
                    optional("totp_secret", seed_schema()),
                    optional("phone_number", number_schema()),
                    optional("preferred_authentication_method", channel_schema()),
                    optional("email", address_schema())}));
  return schema;
}

const Schema& change_schema() {
  static const Schema schema =
      object({optional("name", name_schema(kLongestName)),
              optional("friendly_name", name_schema(kLongestName)),
              optional("preferred_authentication_method", channel_schema())})
          .at_least(1);
  return schema;
}

// What belongs to every type, and what to some.
bool is_common(std::string_view name) {
  return name == "type" || name == "name" || name == "friendly_name" || name == "confirmed";
}

bool belongs_to(MethodType type, std::string_view name) {
  constexpr std::array kKeyFields{std::string_view("key_id"),
                                  std::string_view("credential_id"),
                                  std::string_view("public_key"),
                                  std::string_view("sign_count"),
                                  std::string_view("credential_device_type"),
                                  std::string_view("credential_backed_up"),
                                  std::string_view("transports"),
                                  std::string_view("relying_party_identifier"),
                                  std::string_view("aaguid"),
                                  std::string_view("user_handle"),
                                  std::string_view("user_agent"),
                                  std::string_view("identity_user_id")};
  if (is_common(name)) return true;
  if (type == MethodType::Phone) {
    return name == "phone_number" || name == "preferred_authentication_method";
  }
  if (type == MethodType::Email) return name == "email";
  if (type == MethodType::Totp) return name == "totp_secret";
  return is_key(type) && std::find(kKeyFields.begin(), kKeyFields.end(), name) != kKeyFields.end();
}

MethodType type_of(const Json& body) {
  auto name = body.at("type").get<std::string>();
  std::replace(name.begin(), name.end(), '_', '-');
  return method_type_named(name).value_or(MethodType::Push);
}

std::string text_of(const Json& body, const char* name) {
  return body.contains(name) ? body.at(name).get<std::string>() : std::string();
}

Finding missing(const char* name) {
  return {std::string("Missing required property: ") + name, {}, {}};
}

PhoneChannel channel_of(const Json& body) {
  return phone_channel_named(text_of(body, "preferred_authentication_method"))
      .value_or(PhoneChannel::Sms);
}

KeyData key_of(const Json& body, const std::string& relying_party) {
  KeyData key;
  key.credential_id = text_of(body, body.contains("key_id") ? "key_id" : "credential_id");
  key.public_key = text_of(body, "public_key");
  if (body.contains("sign_count")) key.sign_count = body.at("sign_count").get<std::uint32_t>();
  if (body.contains("credential_device_type")) {
    key.device = text_of(body, "credential_device_type") == "single_device"
                     ? CredentialDevice::Single
                     : CredentialDevice::Multiple;
  }
  if (body.contains("credential_backed_up")) {
    key.backed_up = body.at("credential_backed_up").get<bool>();
  }
  if (body.contains("transports")) {
    key.transports = body.at("transports").get<std::vector<std::string>>();
  }
  key.relying_party = body.contains("relying_party_identifier")
                          ? text_of(body, "relying_party_identifier")
                          : relying_party;
  key.aaguid = text_of(body, "aaguid");
  key.user_handle = text_of(body, "user_handle");
  key.user_agent = text_of(body, "user_agent");
  key.identity_user_id = text_of(body, "identity_user_id");
  return key;
}

std::optional<Finding> missing_in(const Json& body, MethodType type) {
  if (type == MethodType::Totp && !body.contains("totp_secret")) return missing("totp_secret");
  if (type == MethodType::Phone && !body.contains("phone_number")) return missing("phone_number");
  if (type == MethodType::Email && !body.contains("email")) return missing("email");
  if (!is_key(type)) return std::nullopt;
  if (!body.contains("key_id") && !body.contains("credential_id")) return missing("key_id");
  if (!body.contains("public_key")) return missing("public_key");
  return std::nullopt;
}

// Two names of one thing that say different things.
std::optional<Finding> contradiction_in(const Json& body) {
  for (const auto& [one, other] :
       {std::pair("name", "friendly_name"), std::pair("key_id", "credential_id")}) {
    if (body.contains(one) && body.contains(other) && body.at(one) != body.at(other)) {
      return Finding{std::string(one) + " and " + other + " have to be equal", {}, {}};
    }
  }
  return std::nullopt;
}

std::optional<Finding> fault_of(const Json& body, MethodType type) {
  for (const auto& [name, value] : body.items()) {
    if (belongs_to(type, name)) continue;
    return Finding{"Additional properties not allowed: " + name, {}, {}};
  }
  if (auto fault = missing_in(body, type)) return fault;
  return contradiction_in(body);
}

// `where`: "[2]" in a list of them.
Parsed<MethodRequest> method_of(const Json& body,
                                const std::string& relying_party,
                                const std::string& where) {
  MethodRequest method;
  method.type = type_of(body);
  if (auto fault = fault_of(body, method.type)) {
    fault->where = where;
    return body_error(*fault);
  }
  method.name = text_of(body, body.contains("name") ? "name" : "friendly_name");
  // Nobody can vouch for an app that hasn't registered.
  const bool asked = !body.contains("confirmed") || body.at("confirmed").get<bool>();
  method.confirmed = asked && method.type != MethodType::Push;
  if (method.type == MethodType::Totp) method.seed = parse_seed(text_of(body, "totp_secret"));
  if (method.type == MethodType::Phone) {
    method.data = PhoneData{*parse_phone_number(text_of(body, "phone_number")), channel_of(body)};
  }
  if (method.type == MethodType::Email) method.data = EmailData{text_of(body, "email")};
  if (is_key(method.type)) method.data = key_of(body, relying_party);
  return method;
}

}  // namespace

Parsed<MethodRequest> new_method_of(const Request& request, const std::string& relying_party) {
  const auto body = creation_schema().read(request);
  if (!body) return body.refusal();
  return method_of(*body, relying_party, {});
}

Parsed<std::vector<MethodRequest>> new_methods_of(const Request& request) {
  const auto body = replacement_schema().read(request);
  if (!body) return body.refusal();
  std::vector<MethodRequest> methods;
  for (const auto& each : *body) {
    auto method = method_of(each, {}, '[' + std::to_string(methods.size()) + ']');
    if (!method) return method.refusal();
    methods.push_back(*std::move(method));
  }
  return methods;
}

Parsed<EnrolledChange> method_change_of(const Request& request) {
  const auto body = change_schema().read(request);
  if (!body) return body.refusal();
  if (const auto fault = contradiction_in(*body)) return body_error(*fault);
  EnrolledChange change;
  if (body->contains("friendly_name")) change.name = text_of(*body, "friendly_name");
  if (body->contains("name")) change.name = text_of(*body, "name");
  if (body->contains("preferred_authentication_method")) change.preferred = channel_of(*body);
  return change;
}

}  // namespace twinlock::http
