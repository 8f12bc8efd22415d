// SPDX-License-Identifier: MIT
#include "daemon/http/user_block_endpoints.h"

#include "daemon/domain/user_id.h"
#include "daemon/http/actor.h"
#include "daemon/http/errors.h"
#include "daemon/http/json.h"

namespace twinlock::http {
namespace {

Scopes reading() { return {"read:users"}; }
Scopes writing() { return {"update:users"}; }

}  // namespace

std::vector<Route> UserBlockEndpoints::routes() {
  const char* const all = "/api/v2/user-blocks";
  const char* const one = "/api/v2/user-blocks/{id}";
  const auto showing = [this](Named named) {
    return [this, named](const Request& request) { return show(request, named); };
  };
  const auto ending = [this](Named named) {
    return [this, named](const Request& request) { return end(request, named); };
  };
  return {{"A10", Method::Get, all, reading(), showing(Named::ByIdentifier)},
          {"A10", Method::Get, one, reading(), showing(Named::ById)},
          {"A11", Method::Delete, all, writing(), ending(Named::ByIdentifier)},
          {"A11", Method::Delete, one, writing(), ending(Named::ById)}};
}

Parsed<Account> UserBlockEndpoints::account_in(const Request& request,
                                               Named named,
                                               const std::vector<std::string>& scopes,
                                               const Response& nobody) {
  std::string text;
  if (named == Named::ById) {
    text = request.parameter("id");
  } else {
    const auto identifier = request.query_value("identifier");
    if (!identifier || identifier->empty()) {
      return query_error({.what = "Missing required property: identifier",
                          .where = "identifier",
                          .description = "Account name"});
    }
    text = std::string(*identifier);
    if (text.find('@') != std::string::npos) {  // as Auth0's identifiers may be
      const auto found = users_.with_email(text);
      if (!found) return error_response(request, found.error());
      if (!found->empty()) text = found->front().id();
    }
  }
  auto owner = access_.owner_of(request, text, scopes);
  constexpr int kNotFound = 404;
  if (!owner && owner.refusal().status == kNotFound) return nobody;
  return owner;
}

// From where the wrong codes came, as far as the newest records tell.
Result<std::string> UserBlockEndpoints::last_source(const std::string& user) {
  AuditQuery query;
  query.newest = true;
  query.user = user;
  const auto records = audit_.read(query);
  if (!records) return records.error();
  std::string source;
  for (const auto& record : *records) {
    if (record.event.type == AuditEventType::LoginDenied && !record.event.source.empty()) {
      source = record.event.source;
    }
  }
  return source;
}

Response UserBlockEndpoints::show(const Request& request, Named named) {
  Json body{{"blocked_for", Json::array()}};
  const auto account = account_in(
      request, named, reading(), named == Named::ById ? no_such_user() : json_response(200, body));
  if (!account) return account.refusal();
  const auto status = administration_.status_of(*account);
  if (!status) return error_response(request, status.error());
  const auto now = clock_.now();
  if (!now) return error_response(request, now.error());
  const bool is_held = status->hold_until && *status->hold_until > now->wall;
  if (is_held || status->short_codes_disabled) {
    const auto source = last_source(account->name);
    if (!source) return error_response(request, source.error());
    body["blocked_for"].push_back({{"identifier", account->name}, {"ip", *source}});
  }
  return json_response(200, body);
}

Response UserBlockEndpoints::end(const Request& request, Named named) {
  const auto account = account_in(
      request, named, writing(), named == Named::ById ? no_such_user() : empty_response(204));
  if (!account) return account.refusal();
  // Nobody has tried codes of a person who has no account here.
  if (is_record(*account)) return empty_response(204);
  const auto done = administration_.unlock(account->name, actor_of(request));
  if (!done) return error_response(request, done.error());
  return empty_response(204);
}

}  // namespace twinlock::http
