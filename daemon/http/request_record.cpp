// SPDX-License-Identifier: MIT
#include "daemon/http/request_record.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "common/encoding.h"
#include "daemon/domain/scope.h"
#include "daemon/http/actor.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kLongestText = 256;
constexpr std::size_t kLongestBody = 1024;
constexpr std::size_t kMostMembers = 50;
constexpr const char* kHidden = "[REDACTED]";

// Members whose texts are words of the API.
constexpr std::array<std::string_view, 14> kWords{"provider",
                                                  "message_types",
                                                  "type",
                                                  "preferred_authentication_method",
                                                  "userVerification",
                                                  "relyingPartyIdentifier",
                                                  "connection",
                                                  "factor",
                                                  "aws_region",
                                                  "enabled_locales",
                                                  "email_locale",
                                                  "mode",
                                                  "sandbox_version",
                                                  "policies"};

Json redacted(const Json& value, bool shows_text) {
  if (value.is_string()) {
    return shows_text ? Json(printable(value.get<std::string>(), kLongestText)) : Json(kHidden);
  }
  if (value.is_array()) {
    auto list = Json::array();
    for (const auto& item : value) {
      if (list.size() == kMostMembers) break;
      list.push_back(redacted(item, shows_text));
    }
    return list;
  }
  if (!value.is_object()) return value;
  auto object = Json::object();
  for (const auto& [name, member] : value.items()) {
    if (object.size() == kMostMembers) break;
    const bool is_word = std::find(kWords.begin(), kWords.end(), name) != kWords.end();
    object[printable(name, kLongestText)] = redacted(member, is_word);
  }
  return object;
}

// What Auth0's clients say of themselves (C12): base64url of {"name": …, "version": …, …}.
std::optional<Json> auth0_client(const Request& request) {
  const auto header = request.header("Auth0-Client");
  if (!header || header->size() > kLongestBody) return std::nullopt;
  std::string_view text = *header;
  while (text.ends_with('=')) text.remove_suffix(1);
  const auto decoded = base64url_decode(text);
  if (!decoded) return std::nullopt;
  const auto json = parse_json(std::string(decoded->begin(), decoded->end()));
  if (!json || !json->is_object()) return std::nullopt;
  auto shown = Json::object();
  for (const char* name : {"name", "version"}) {
    const auto member = json->find(name);
    if (member == json->end() || !member->is_string()) continue;
    shown[name] = printable(member->get<std::string>(), kLongestText);
  }
  return shown;
}

// A policy is a bare array of words.
Json body_of(const Request& request) {
  const auto body = parse_json(request.body);
  if (!body) return nullptr;
  auto shown =
      redacted(*body, request.segments.size() > 1 && request.segments.back() == "policies");
  return json_text(shown).size() > kLongestBody ? Json(kHidden) : shown;
}

AuditEventType type_of(int status) {
  constexpr int kFirstRefusal = 400;
  constexpr int kTooMany = 429;
  if (status < kFirstRefusal) return AuditEventType::ApiChanged;
  return status == kTooMany ? AuditEventType::RateLimited : AuditEventType::ApiRefused;
}

// Of a refusal: its message may show what was sent, so that its code alone is kept.
std::string code_of(const Response& response) {
  if (type_of(response.status) == AuditEventType::ApiChanged) return {};
  const auto body = parse_json(response.body);
  return body && body->is_object() ? body->value("errorCode", "") : "";
}

void write(const Request& request,
           const Caller& caller,
           const Outcome& outcome,
           AuditTrail& audit,
           Clock& clock) {
  const auto now = clock.now();
  if (!now) return audit.problem(Severity::Alert, "clock", now.error().detail);
  AuditEvent event{};
  event.time = now->wall;
  event.type = type_of(outcome.status);
  event.source = request.client;
  event.actor = caller.client_id.empty() ? "" : actor_name(caller);
  event.conversation = request.id;
  event.detail = record_of(request, caller, outcome);
  if (const auto written = audit.write(event); !written) {
    audit.problem(Severity::Alert, "audit", written.error().detail);
  }
}

}  // namespace

std::string record_of(const Request& request, const Caller& caller, const Outcome& outcome) {
  const std::string_view target = request.target;
  const auto path = target.substr(0, target.find('?'));
  auto more = Json::object();
  if (!request.query.empty()) {
    auto query = Json::object();
    for (const auto& [name, value] : request.query) {
      if (query.size() == kMostMembers) break;
      query[printable(name, kLongestText)] = kHidden;
    }
    more["query"] = query;
  }
  if (!request.body.empty()) more["body"] = body_of(request);
  if (!outcome.error_code.empty()) more["errorCode"] = outcome.error_code;
  more["userAgent"] = printable(request.header("User-Agent").value_or(""), kLongestText);
  if (auto client = auth0_client(request)) more["auth0Client"] = *std::move(client);
  const bool is_full = caller.scopes == ScopeSet::all();
  more["scopes"] = is_full ? Json::array({"full"}) : Json(caller.scopes.names());
  return std::string(method_name(request.method)) + ' ' + escaped(path, kLongestText) + ' ' +
         std::to_string(outcome.status) + ' ' + json_text(more);
}

Json details_of(std::string_view recorded) {
  auto details = Json::object();
  for (const char* name : {"method", "path", "statusCode"}) {
    const auto space = std::min(recorded.find(' '), recorded.size());
    details[name] = std::string(recorded.substr(0, space));
    recorded.remove_prefix(std::min(space + 1, recorded.size()));
  }
  const auto more = parse_json(recorded);
  if (more && more->is_object()) details.update(*more);
  return details;
}

Handler recorded(Handler handler, AuditTrail& audit, Clock& clock) {
  return [handler = std::move(handler), &audit, &clock](const Request& request) {
    auto response = handler(request);
    write(request, request.caller, {response.status, code_of(response)}, audit, clock);
    return response;
  };
}

void record_refusal(const Request& request,
                    const Caller& caller,
                    const Outcome& outcome,
                    AuditTrail& audit,
                    Clock& clock) {
  write(request, caller, outcome, audit, clock);
}

}  // namespace twinlock::http
