// SPDX-License-Identifier: MIT
#include "daemon/dbus/views.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "common/encoding.h"
#include "daemon/domain/instant.h"

namespace twinlock::dbus {
namespace {

using nlohmann::json;

std::int64_t seconds_of(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::int64_t seconds_of(const std::optional<WallTime>& time) {
  return time ? seconds_of(*time) : 0;
}

std::vector<std::string> flags_of(const AuthenticationMethod& method,
                                  const Account& account,
                                  const std::vector<Factor>& enabled) {
  std::vector<std::string> flags;
  if (!method.confirmed) flags.emplace_back("unconfirmed");
  if (method.weak) flags.emplace_back("weak");
  if (method.owner.uid != account.uid) flags.emplace_back("foreign-uid");
  // A recovery code that was made is accepted whether or not the factor is on (judgement.cpp).
  if (method.type != MethodType::RecoveryCode &&
      std::find(enabled.begin(), enabled.end(), factor_of(method.type)) == enabled.end()) {
    flags.emplace_back("disabled");
  }
  return flags;
}

json names_of(const std::vector<Factor>& factors) {
  json names = json::array();
  for (const auto factor : factors) names.push_back(factor_name(factor));
  return names;
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::Information:
      return "info";
    case Severity::Notice:
      return "notice";
    case Severity::Warning:
      return "warning";
    case Severity::Alert:
      break;
  }
  return "alert";
}

// "granted", "exempt", "denied", or "done" for a change.
std::string_view result_of(AuditEventType type) {
  const auto name = audit_event_name(type);
  if (name.ends_with("-granted")) return "granted";
  if (name.ends_with("-exempt")) return "exempt";
  if (name.ends_with("-denied") || name.ends_with("-refused")) return "denied";
  return "done";
}

// Absent means that there is nothing to say.
void put(json& object, const char* key, std::string_view value) {
  if (!value.empty()) object[key] = value;
}

// Never throws for what isn't UTF-8, as a record of another version might be.
std::string dump(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::vector<WireMethod> to_wire(const std::vector<AuthenticationMethod>& methods,
                                const Account& account,
                                const std::vector<Factor>& enabled) {
  std::vector<WireMethod> wire;
  wire.reserve(methods.size());
  for (const auto& method : methods) {
    wire.emplace_back(to_text(method.id),
                      std::string(method_type_name(method.type)),
                      method.name,
                      seconds_of(method.created),
                      seconds_of(method.confirmed),
                      seconds_of(method.last_used),
                      flags_of(method, account, enabled));
  }
  return wire;
}

std::string to_json(const AccountStatus& status) {
  json object;
  object["account"] = status.account.name;
  object["uid"] = status.account.uid;
  object["policy"] = login_policy_name(status.policy);
  object["required"] = status.demanded;
  object["enrolled"] = status.enrolled;
  object["factors"] = names_of(status.factors);
  object["otp_methods"] = status.otp_methods;
  object["recovery_codes_left"] = status.recovery_codes_left;
  object["hold"] = status.hold_until ? json(utc_text(*status.hold_until)) : json(nullptr);
  object["short_codes_disabled"] = status.short_codes_disabled;
  object["foreign_uid"] = status.foreign_uid;
  if (status.blocked) object["blocked"] = true;
  if (status.gone) object["gone"] = true;
  return dump(object);
}

std::string to_json(const AuditRecord& record) {
  const auto& event = record.event;
  json object;
  object["seq"] = record.sequence;
  object["time"] = utc_text(event.time);
  object["event"] = audit_event_name(event.type);
  object["severity"] = name_of(severity_of(event));
  object["result"] = result_of(event.type);
  put(object, "user", event.user);
  if (event.uid) object["uid"] = *event.uid;
  put(object, "service", event.service);
  put(object, "source", event.source);
  if (event.method_type) put(object, "method_type", method_type_name(*event.method_type));
  if (event.method_id) object["method_id"] = to_text(*event.method_id);
  put(object, "reason", reason_name(event.reason));
  put(object, "conversation", event.conversation);
  put(object, "actor", event.actor);
  put(object, "detail", event.detail);
  return dump(object);
}

std::string to_json(const ApiClient& client) {
  json object;
  object["client_id"] = client.id;
  object["name"] = client.name;
  object["scopes"] = client.scopes.names();
  object["networks"] = client.networks;
  object["groups"] = client.users.groups;
  object["users"] = client.users.names;
  object["signs"] = !client.public_key.empty();
  object["token_lifetime"] = client.token_lifetime.count();
  object["created"] = utc_text(client.created);
  object["last_token"] = client.last_token ? json(utc_text(*client.last_token)) : json(nullptr);
  return dump(object);
}

std::string to_json(const DaemonState& state) {
  json object;
  object["version"] = state.version;
  object["started"] = utc_text(state.started);
  object["store"] = "sqlite";
  object["policy"] = login_policy_name(state.settings.policy);
  object["factors"] = names_of(state.settings.enabled);
  object["accounts"] = state.accounts;
  object["audit_head"] = nullptr;
  for (const auto& record : state.newest) {
    object["audit_head"] = {{"seq", record.sequence}, {"mac", hex_encode(record.mac)}};
  }
  return dump(object);
}

Result<OtpRequest> parse_otp(const OtpArguments& arguments) {
  const auto type = method_type_named(arguments.type);
  if (!type) return Error{ErrorCode::InvalidInput, "type has to be totp or hotp"};
  const auto algorithm = hash_algorithm_named(arguments.algorithm);
  if (!algorithm) {
    return Error{ErrorCode::InvalidInput, "algorithm has to be SHA1, SHA256 or SHA512"};
  }
  constexpr std::uint32_t kBeyondAllBounds = 3600;  // the domain knows the right ones
  OtpRequest request;
  request.type = *type;
  request.name = arguments.name;
  request.parameters.algorithm = *algorithm;
  request.parameters.digits = static_cast<int>(std::min(arguments.digits, kBeyondAllBounds));
  request.parameters.period = std::chrono::seconds(std::min(arguments.period, kBeyondAllBounds));
  return request;
}

Result<MethodId> parse_method_id(const std::string& text) {
  const auto id = parse_ulid(text);
  if (!id) return Error{ErrorCode::InvalidInput, "id has to be one that a list of methods shows"};
  return *id;
}

}  // namespace twinlock::dbus
