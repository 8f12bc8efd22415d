// SPDX-License-Identifier: MIT
#include "daemon/http/log_view.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "daemon/domain/user_id.h"
#include "daemon/http/request_record.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kTimeDigits = 17;
constexpr std::size_t kNumberDigits = 36;
constexpr std::string_view kIdPrefix = "900";

bool is_recovery(const AuditEvent& event) { return event.method_type == MethodType::RecoveryCode; }

std::string_view type_of_denial(const AuditEvent& event) {
  if (event.reason == Reason::UnknownAccount) return "fu";
  if (event.reason == Reason::OnHold || event.reason == Reason::ShortCodesDisabled) {
    return is_recovery(event) ? "gd_recovery_rate_limit_exceed" : "gd_otp_rate_limit_exceed";
  }
  return is_recovery(event) ? "gd_recovery_failed" : "gd_auth_failed";
}

// Auth0's word, or nothing.
std::string_view known_type(const AuditEvent& event) {
  switch (event.type) {
    case AuditEventType::LoginGranted:
    case AuditEventType::TestGranted:
    case AuditEventType::ProofGranted:
      return is_recovery(event) ? "gd_recovery_succeed" : "gd_auth_succeed";
    case AuditEventType::LoginDenied:
      return type_of_denial(event);
    case AuditEventType::LoginExempt:
      return "s";
    case AuditEventType::EnrollmentStarted:
      return "gd_start_enroll";
    case AuditEventType::MethodEnrolled:
      return "gd_enrollment_complete";
    case AuditEventType::MethodRemoved:
    case AuditEventType::UserReset:
    case AuditEventType::AccountPurged:
      return "gd_unenroll";
    case AuditEventType::MethodRenamed:
    case AuditEventType::MethodResynchronized:
    case AuditEventType::RecoveryCodesMade:
    case AuditEventType::MethodChanged:
      return "gd_update_device_account";
    case AuditEventType::TicketRedeemed:
      return "gd_start_enroll";
    case AuditEventType::TicketRefused:
      return "gd_start_enroll_failed";
    case AuditEventType::PolicyChanged:
    case AuditEventType::FactorChanged:
    case AuditEventType::SettingsChanged:
      return "gd_tenant_update";
    case AuditEventType::ShortCodesDisabled:
    case AuditEventType::RecoveryCodesGuessed:
      return "limit_wc";
    case AuditEventType::TokenIssued:
      return "seccft";
    case AuditEventType::TokenRefused:
      return "feccft";
    case AuditEventType::ApiChanged:
      return "sapi";
    case AuditEventType::ApiRefused:
      return "fapi";
    case AuditEventType::RateLimited:
      return "api_limit";
    case AuditEventType::UserUnlocked:
    case AuditEventType::KeyRotated:
    case AuditEventType::DaemonStarted:
    case AuditEventType::DaemonStopped:
    case AuditEventType::ConfigurationReloaded:
    case AuditEventType::ClockBehind:
    case AuditEventType::RollbackDetected:
    case AuditEventType::AuditGap:
    case AuditEventType::StoreFull:
    case AuditEventType::ConfigurationRejected:
    case AuditEventType::ApiClientCreated:
    case AuditEventType::ApiClientRotated:
    case AuditEventType::ApiClientDeleted:
    case AuditEventType::TokenRevoked:
    case AuditEventType::SigningKeyMade:
    case AuditEventType::SigningKeyDeleted:
    case AuditEventType::UserCreated:
    case AuditEventType::UserChanged:
    case AuditEventType::UserDeleted:
    case AuditEventType::UserBlocked:
    case AuditEventType::UserUnblocked:
    case AuditEventType::PlacesForgotten:
    case AuditEventType::TicketMade:
    case AuditEventType::Suppressed:
      break;
  }
  return "";
}

// "Login denied", of "login-denied".
std::string in_words(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '-', ' ');
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

bool is_request(const AuditEvent& event) {
  return event.type == AuditEventType::ApiChanged || event.type == AuditEventType::ApiRefused ||
         event.type == AuditEventType::RateLimited;
}

// "client <id>, token …" → the id; what isn't a client's is none.
std::string client_in(const AuditEvent& event) {
  constexpr std::string_view kClient = "client ";
  const std::string_view actor = event.actor;
  if (!actor.starts_with(kClient)) return "";
  return std::string(actor.substr(kClient.size(), actor.find(',') - kClient.size()));
}

std::string description_of(const AuditEvent& event) {
  if (is_request(event)) {
    const std::string_view detail = event.detail;
    return std::string(detail.substr(0, detail.find(" {")));
  }
  auto text = in_words(audit_event_name(event.type));
  if (event.reason != Reason::None) text += ": " + in_words(reason_name(event.reason));
  if (!event.detail.empty()) text += " (" + event.detail + ')';
  return text;
}

// Where its user comes from, as Auth0 names such places.
struct Origin {
  std::string_view connection;
  std::string_view strategy;
};

Origin origin_of(const AuditEvent& event) {
  if (event.user.empty()) return {"", ""};
  if (is_record({event.user, kNoUid})) return {"Username-Password-Authentication", "auth0"};
  return {"unix", "unix"};
}

std::string user_id_in(const AuditEvent& event) {
  if (event.user.empty()) return "";
  return to_text(user_id_of({event.user, event.uid.value_or(0)}));
}

std::string name_of(const std::string& client, const LogContext& context) {
  const auto found = context.client_names.find(client);
  return found == context.client_names.end() ? client : found->second;
}

// `recorded`: what details_of() makes of the event.
Json request_details(const AuditEvent& event, const Json& recorded) {
  Json request{{"method", recorded.value("method", "")},
               {"path", recorded.value("path", "")},
               {"ip", event.source},
               {"userAgent", recorded.value("userAgent", "")},
               {"channel", "api"},
               {"auth",
                {{"strategy", "jwt"},
                 {"credentials", {{"scopes", recorded.value("scopes", Json::array())}}}}}};
  if (recorded.contains("query")) request["query"] = recorded["query"];
  if (recorded.contains("body")) request["body"] = recorded["body"];
  int status = 0;
  const auto text = recorded.value("statusCode", "");
  std::from_chars(text.data(), text.data() + text.size(), status);
  Json response{{"statusCode", status}};
  if (recorded.contains("errorCode")) {
    response["body"] = {{"statusCode", status}, {"errorCode", recorded["errorCode"]}};
  }
  return {{"request", request}, {"response", response}};
}

Json details(const AuditEvent& event) {
  auto object = Json::object();
  if (event.method_id) {
    object["authenticator"]["id"] = to_text(*event.method_id);
  }
  if (event.method_type) object["authenticator"]["type"] = method_type_name(*event.method_type);
  if (event.type == AuditEventType::LoginDenied) {
    object["failure_details"] = {{"errorCode", std::string(reason_name(event.reason))},
                                 {"message", in_words(reason_name(event.reason))}};
  }
  if (!event.conversation.empty()) object["session_id"] = event.conversation;
  if (!event.actor.empty()) object["actor"] = event.actor;
  if (!event.detail.empty()) object["detail"] = event.detail;
  return object;
}

}  // namespace

std::string log_type(const AuditEvent& event) {
  const auto known = known_type(event);
  if (!known.empty()) return std::string(known);
  std::string own = "tl_" + std::string(audit_event_name(event.type));
  std::replace(own.begin(), own.end(), '-', '_');
  return own;
}

std::string log_id(const AuditRecord& record) {
  std::string id(kIdPrefix);
  for (const char c : utc_text(record.event.time)) {
    if (c >= '0' && c <= '9') id += c;
  }
  const auto number = std::to_string(record.sequence);
  return id + std::string(kNumberDigits - number.size(), '0') + number;
}

std::optional<std::uint64_t> sequence_in(std::string_view id) {
  if (id.size() != kIdPrefix.size() + kTimeDigits + kNumberDigits || !id.starts_with(kIdPrefix)) {
    return std::nullopt;
  }
  id.remove_prefix(kIdPrefix.size() + kTimeDigits);
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (failure != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

Json log_view(const AuditRecord& record, const LogContext& context) {
  const auto& event = record.event;
  const auto id = log_id(record);
  const auto client = client_in(event);
  const auto origin = origin_of(event);
  const bool by_pam = client.empty() && !event.service.empty();
  const auto recorded = is_request(event) ? details_of(event.detail) : Json::object();
  Json view{{"_id", id},
            {"log_id", id},
            {"date", utc_text(event.time)},
            {"type", log_type(event)},
            {"description", description_of(event)},
            {"user_id", user_id_in(event)},
            {"user_name", event.user},
            {"ip", event.source},
            {"hostname", context.host},
            {"client_id", by_pam ? "pam:" + event.service : client},
            {"client_name", by_pam ? event.service : name_of(client, context)},
            {"connection", origin.connection},
            {"connection_id", ""},
            {"strategy", origin.strategy},
            {"strategy_type", event.user.empty() ? "" : "database"},
            {"user_agent", recorded.value("userAgent", "")},
            {"isMobile", false},
            {"audience", ""},
            {"scope", ""},  // text: their clients refuse a list
            {"details", is_request(event) ? request_details(event, recorded) : details(event)}};
  if (recorded.contains("auth0Client")) view["auth0_client"] = recorded["auth0Client"];
  return view;
}

const std::vector<std::string_view>& log_fields() {
  static const std::vector<std::string_view> fields{"type",
                                                    "user_id",
                                                    "user_name",
                                                    "client_id",
                                                    "ip",
                                                    "date",
                                                    "log_id",
                                                    "description",
                                                    "hostname"};
  return fields;
}

std::vector<std::string> log_values(const AuditRecord& record,
                                    const std::string& host,
                                    std::string_view field) {
  const auto& event = record.event;
  std::string value;
  if (field == "type") value = log_type(event);
  if (field == "user_id") value = user_id_in(event);
  if (field == "user_name") value = event.user;
  if (field == "client_id") {
    value = client_in(event);
    if (value.empty() && !event.service.empty()) value = "pam:" + event.service;
  }
  if (field == "ip") value = event.source;
  if (field == "date") value = utc_text(event.time);
  if (field == "log_id") value = log_id(record);
  if (field == "description") value = description_of(event);
  if (field == "hostname") value = host;
  if (value.empty()) return {};
  return {std::move(value)};
}

}  // namespace twinlock::http
