// SPDX-License-Identifier: MIT
#include "daemon/http/authentication_method_endpoints.h"

#include <algorithm>
#include <utility>

#include "daemon/http/actor.h"
#include "daemon/http/errors.h"
#include "daemon/http/method_request.h"
#include "daemon/http/paging.h"

namespace twinlock::http {
namespace {

const Scopes& reading() {
  static const Scopes scopes{"read:authentication_methods", "read:users"};
  return scopes;
}
const Scopes& creating() {
  static const Scopes scopes{"create:authentication_methods"};
  return scopes;
}
const Scopes& updating() {
  static const Scopes scopes{"update:authentication_methods"};
  return scopes;
}
const Scopes& deleting() {
  static const Scopes scopes{"delete:authentication_methods"};
  return scopes;
}
// A recovery code is a way in, and a removed method may be the last one: update:users alone is no
// scope for either (S67).
const Scopes& resetting() {
  static const Scopes scopes{
      "delete:authentication_methods", "delete:guardian_enrollments", "remove:authenticators"};
  return scopes;
}
const Scopes& updating_users() {
  static const Scopes scopes{"update:users"};
  return scopes;
}

Response no_such_method() {
  return api_error(404, "Authentication method not found", "authentication_method_not_found");
}

Response method_error(const Request& request, const Error& error) {
  if (error.code == ErrorCode::NotFound) return no_such_method();
  if (error.code == ErrorCode::LimitExceeded) return api_error(403, error.detail);
  return user_error(request, error);
}

}  // namespace

AuthenticationMethodEndpoints::AuthenticationMethodEndpoints(Parts parts)
    : parts_(std::move(parts)), access_(parts_.users) {}

std::vector<Route> AuthenticationMethodEndpoints::routes() {
  const std::string user = "/api/v2/users/{id}";
  const std::string all = user + "/authentication-methods";
  const std::string one = all + "/{method}";
  return {
      {"U07", Method::Get, all, reading(), [this](const Request& r) { return list(r); }},
      {"U08", Method::Post, all, creating(), [this](const Request& r) { return create(r); }},
      {"U09", Method::Put, all, updating(), [this](const Request& r) { return replace_all(r); }},
      {"U10", Method::Delete, all, deleting(), [this](const Request& r) { return remove_all(r); }},
      {"U11", Method::Get, one, reading(), [this](const Request& r) { return show(r); }},
      {"U12", Method::Patch, one, updating(), [this](const Request& r) { return change(r); }},
      {"U13", Method::Delete, one, deleting(), [this](const Request& r) { return remove(r); }},
      {"U16",
       Method::Post,
       user + "/recovery-code-regeneration",
       creating(),
       [this](const Request& r) { return regenerate_recovery_code(r); }},
      {"U17",
       Method::Delete,
       user + "/multifactor/{provider}",
       resetting(),
       [this](const Request& r) { return remove_provider(r); }},
      {"U18",
       Method::Post,
       user + "/multifactor/actions/invalidate-remember-browser",
       updating_users(),
       [this](const Request& r) { return forget_places(r); }},
  };
}

Parsed<Account> AuthenticationMethodEndpoints::owner_of(const Request& request,
                                                        const Scopes& scopes) {
  return access_.owner_of(request, request.parameter("id"), scopes);
}

std::optional<Response> AuthenticationMethodEndpoints::refusal_beyond_route(const Request& request,
                                                                            const Account& owner,
                                                                            const Scopes& scopes) {
  const bool has_any = std::any_of(scopes.begin(), scopes.end(), [&request](const auto& scope) {
    return request.caller.scopes.contains(scope);
  });
  return has_any ? access_.refusal_for(request, owner, scopes) : insufficient_scope(scopes);
}

Parsed<EnrolledMethod> AuthenticationMethodEndpoints::method_of(const Request& request,
                                                                const Scopes& scopes) {
  const auto owner = owner_of(request, scopes);
  if (!owner) return owner.refusal();
  const auto id = parse_method_reference(request.parameter("method"));
  if (!id) return no_such_method();
  auto method = parts_.methods.find(*owner, *id);
  if (!method) return method_error(request, method.error());
  return *std::move(method);
}

Response AuthenticationMethodEndpoints::list(const Request& request) {
  const auto page = page_of(request);
  if (!page) return page.refusal();
  const auto owner = owner_of(request, reading());
  if (!owner) return owner.refusal();
  const auto how = parts_.presentation();
  if (!how) return error_response(request, how.error());
  const auto methods = parts_.methods.list(*owner);
  if (!methods) return error_response(request, methods.error());
  const auto total = static_cast<std::int64_t>(methods->size());
  const auto end = std::min(page->start() + page->size, total);
  constexpr std::size_t kOneMethod = 256;  // most are shorter
  JsonWriter json(static_cast<std::size_t>(std::max<std::int64_t>(end - page->start(), 0)) *
                  kOneMethod);
  if (page->include_totals) {
    json.begin_object().key("start").value(page->start()).key("limit").value(page->size);
    json.key("total").value(total).key("authenticators");
  }
  json.begin_array();
  for (auto i = page->start(); i < end; ++i) {
    write_method(json, (*methods)[static_cast<std::size_t>(i)], *how);
  }
  json.end_array();
  if (page->include_totals) json.end_object();
  return json_text_response(200, std::move(json).take());
}

Response AuthenticationMethodEndpoints::create(const Request& request) {
  auto method = new_method_of(request, parts_.relying_party);
  if (!method) return method.refusal();
  const auto owner = owner_of(request, creating());
  if (!owner) return owner.refusal();
  const auto how = parts_.presentation();
  if (!how) return error_response(request, how.error());
  const auto added = parts_.methods.add(*owner, *std::move(method), actor_of(request));
  if (!added) return method_error(request, added.error());
  return json_text_response(201, method_text(*added, *how));
}

Response AuthenticationMethodEndpoints::replace_all(const Request& request) {
  auto methods = new_methods_of(request);
  if (!methods) return methods.refusal();
  const auto owner = owner_of(request, updating());
  if (!owner) return owner.refusal();
  // S67: it makes methods that are confirmed, and removes those that were.
  if (auto refusal = refusal_beyond_route(request, *owner, deleting())) return *std::move(refusal);
  if (!methods->empty()) {
    if (auto refusal = refusal_beyond_route(request, *owner, creating())) {
      return *std::move(refusal);
    }
  }
  auto how = parts_.presentation();
  if (!how) return error_response(request, how.error());
  const auto replaced = parts_.methods.replace_all(*owner, *std::move(methods), actor_of(request));
  if (!replaced) return method_error(request, replaced.error());
  auto in_clear = *std::move(how);
  in_clear.contacts = Contacts::Clear;
  JsonWriter json;
  json.begin_array();
  for (const auto& method : *replaced) write_method(json, method, in_clear);
  json.end_array();
  return json_text_response(200, std::move(json).take());
}

Response AuthenticationMethodEndpoints::remove_all(const Request& request) {
  const auto owner = owner_of(request, deleting());
  if (!owner) return owner.refusal();
  const auto removed = parts_.methods.remove_all(*owner, actor_of(request));
  if (!removed) return error_response(request, removed.error());
  return empty_response(204);
}

Response AuthenticationMethodEndpoints::show(const Request& request) {
  const auto method = method_of(request, reading());
  if (!method) return method.refusal();
  const auto how = parts_.presentation();
  if (!how) return error_response(request, how.error());
  return json_text_response(200, method_text(*method, *how));
}

Response AuthenticationMethodEndpoints::change(const Request& request) {
  const auto change = method_change_of(request);
  if (!change) return change.refusal();
  const auto method = method_of(request, updating());
  if (!method) return method.refusal();
  if (change->preferred && method->method.type != MethodType::Phone) {
    return body_error(
        {"Additional properties not allowed: preferred_authentication_method", {}, {}});
  }
  const auto how = parts_.presentation();
  if (!how) return error_response(request, how.error());
  const auto& [id, owner] = std::pair(method->method.id, method->method.owner);
  const auto changed = parts_.methods.change(owner, id, *change, actor_of(request));
  if (!changed) return method_error(request, changed.error());
  return json_text_response(200, method_text(*changed, *how));
}

Response AuthenticationMethodEndpoints::remove(const Request& request) {
  const auto method = method_of(request, deleting());
  if (!method) return method.refusal();
  const auto removed =
      parts_.methods.remove(method->method.owner, method->method.id, actor_of(request));
  if (!removed) return method_error(request, removed.error());
  return empty_response(204);
}

Response AuthenticationMethodEndpoints::regenerate_recovery_code(const Request& request) {
  const auto owner = owner_of(request, creating());
  if (!owner) return owner.refusal();
  const auto code = parts_.methods.make_recovery_code(*owner, actor_of(request));
  if (!code) return error_response(request, code.error());
  return json_response(200, {{"recovery_code", *code}});
}

Response AuthenticationMethodEndpoints::remove_provider(const Request& request) {
  const auto& provider = request.parameter("provider");
  if (provider != "duo" && provider != "google-authenticator") {
    return path_error({"No enum match for: " + provider, "provider", "The multifactor provider"});
  }
  const auto owner = owner_of(request, resetting());
  if (!owner) return owner.refusal();
  if (provider == "duo") return empty_response(204);
  const auto removed = parts_.methods.remove_one_time_codes(*owner, actor_of(request));
  if (!removed) return error_response(request, removed.error());
  return empty_response(204);
}

Response AuthenticationMethodEndpoints::forget_places(const Request& request) {
  const auto owner = owner_of(request, updating_users());
  if (!owner) return owner.refusal();
  const auto forgotten = parts_.methods.forget_places(*owner, actor_of(request));
  if (!forgotten) return error_response(request, forgotten.error());
  return empty_response(204);
}

}  // namespace twinlock::http
