// SPDX-License-Identifier: MIT
#include "daemon/http/user_endpoints.h"

#include <optional>
#include <utility>

#include "daemon/http/actor.h"
#include "daemon/http/errors.h"
#include "daemon/http/user_request.h"
#include "daemon/http/user_view.h"

namespace twinlock::http {
namespace {

const Scopes& listing() {
  static const Scopes scopes{"read:users", "read:user_idp_tokens"};
  return scopes;
}
const Scopes& reading() {
  static const Scopes scopes{"read:users", "read:current_user", "read:user_idp_tokens"};
  return scopes;
}
const Scopes& creating() {
  static const Scopes scopes{"create:users"};
  return scopes;
}
const Scopes& updating() {
  static const Scopes scopes{
      "update:users", "update:users_app_metadata", "update:current_user_metadata"};
  return scopes;
}
const Scopes& deleting() {
  static const Scopes scopes{"delete:users", "delete:current_user"};
  return scopes;
}

// What a failure of creating or changing a user means.
Response write_error(const Request& request, const Error& error) {
  if (error.code == ErrorCode::Conflict) return api_error(409, error.detail, "auth0_idp_error");
  return user_error(request, error);
}

}  // namespace

std::vector<Route> UserEndpoints::routes() {
  const std::string all = "/api/v2/users";
  const std::string one = all + "/{id}";
  std::vector<Route> routes{
      {"U01", Method::Get, all, listing(), [this](const Request& r) { return list(r); }},
      {"U02", Method::Post, all, creating(), [this](const Request& r) { return create(r); }},
      {"U03", Method::Get, one, reading(), [this](const Request& r) { return show(r); }},
      {"U04", Method::Patch, one, updating(), [this](const Request& r) { return change(r); }},
      {"U05", Method::Delete, one, deleting(), [this](const Request& r) { return remove(r); }},
      {"U06",
       Method::Get,
       "/api/v2/users-by-email",
       {"read:users"},
       [this](const Request& r) { return find_by_email(r); }},
  };
  routes.front().cost = Cost::Search;
  return routes;
}

Json UserEndpoints::views_of(const std::vector<User>& users, const Selection& selection) {
  Json views = Json::array();
  for (const auto& user : users) {
    views.push_back(selected(user_view(user, picture_), selection));
  }
  return views;
}

Response UserEndpoints::list(const Request& request) {
  const auto search = user_search_of(request);
  if (!search) return search.refusal();
  const auto selection = selection_of(request);
  if (!selection) return selection.refusal();
  auto wanted = search->listing;
  wanted.admits = access_.admission(request, listing());
  const auto found = users_.list(wanted);
  if (!found) {
    if (found.error().code != ErrorCode::NotFound) return error_response(request, found.error());
    return query_error({"It is none that a page before has told", "from", {}});
  }
  auto views = views_of(found->users, *selection);
  const auto& page = search->page;
  if (page.is_checkpoint) {
    Json body = Json::object();
    if (found->has_more && !found->users.empty())
      body["next"] = checkpoint_after(found->users.back().id());
    body["users"] = std::move(views);
    return json_response(200, body);
  }
  if (!page.include_totals) return json_response(200, views);
  const auto length = views.size();
  return json_response(200,
                       {{"start", page.start()},
                        {"limit", page.size},
                        {"length", length},
                        {"users", std::move(views)},
                        {"total", found->total}});
}

Response UserEndpoints::create(const Request& request) {
  const auto user = new_user_of(request);
  if (!user) return user.refusal();
  // Of an account that is there already; whoever isn't one yet is nobody privileged.
  const auto& username = user->profile.username;
  if (user->connection != kUnixConnection && request.caller.users != UserFilter{}) {
    return api_error(403, "A client that is bound to some accounts makes no users beside them");
  }
  if (user->connection == kUnixConnection && username && *username) {
    const auto owner = users_.owner_of("unix|" + **username);
    if (owner) {
      auto refusal = access_.refusal_for(request, *owner, creating());
      if (refusal) return *std::move(refusal);
    }
  }
  const auto created = users_.create(*user, actor_of(request));
  if (!created) return write_error(request, created.error());
  return json_response(201, user_view(*created, picture_));
}

Response UserEndpoints::show(const Request& request) {
  const auto selection = selection_of(request);
  if (!selection) return selection.refusal();
  const auto& id = request.parameter("id");
  const auto owner = access_.owner_of(request, id, reading());
  if (!owner) return owner.refusal();
  const auto user = users_.find(id);
  if (!user) return user_error(request, user.error());
  return json_response(200, selected(user_view(*user, picture_), *selection));
}

Response UserEndpoints::change(const Request& request) {
  const auto change = profile_change_of(request);
  if (!change) return change.refusal();
  const auto& id = request.parameter("id");
  const auto owner = access_.owner_of(request, id, updating());
  if (!owner) return owner.refusal();
  const auto changed = users_.change(id, *change, actor_of(request));
  if (!changed) return write_error(request, changed.error());
  return json_response(200, user_view(*changed, picture_));
}

Response UserEndpoints::remove(const Request& request) {
  const auto& id = request.parameter("id");
  const auto owner = access_.owner_of(request, id, deleting());
  if (!owner && owner.refusal().status == 404) return empty_response(204);
  if (!owner) return owner.refusal();
  const auto removed = users_.remove(id, actor_of(request));
  if (!removed) return user_error(request, removed.error());
  return empty_response(204);
}

Response UserEndpoints::find_by_email(const Request& request) {
  const auto email = request.query_value("email");
  if (!email) return query_error({"Missing required property: email", {}, {}});
  const auto selection = selection_of(request);
  if (!selection) return selection.refusal();
  auto users = users_.with_email(*email);
  if (!users) return error_response(request, users.error());
  auto seen = *std::move(users);
  std::erase_if(seen, [this, &request](const User& user) {
    return access_.refusal_for(request, user.owner, listing()).has_value();
  });
  return json_response(200, views_of(seen, *selection));
}

}  // namespace twinlock::http
