// SPDX-License-Identifier: MIT
#include "daemon/http/user_view.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace twinlock::http {
namespace {

void put(Json& object, const char* key, const std::optional<std::string>& text) {
  if (text) object[key] = *text;
}

Json metadata_view(const Metadata& metadata) {
  Json object = Json::object();
  for (const auto& [key, value] : metadata) object[key] = Json::parse(value, nullptr, false);
  return object;
}

std::optional<std::string> username_of(const User& user, const UserProfile& profile) {
  return is_record(user.owner) ? profile.username : std::optional(user.owner.name);
}

// A name for whoever was given none.
std::optional<std::string> name_of(const User& user, const UserProfile& profile) {
  if (profile.name) return profile.name;
  return profile.email ? profile.email : username_of(user, profile);
}

std::optional<std::string> nickname_of(const User& user, const UserProfile& profile) {
  if (profile.nickname) return profile.nickname;
  if (const auto username = username_of(user, profile)) return username;
  if (profile.email) return profile.email->substr(0, profile.email->find('@'));
  return std::nullopt;
}

Json identity_view(const User& user) {
  const auto id = user_id_of(user.owner);
  const bool is_unix = id.provider == UserId::Provider::Unix;
  return {{"connection", user.record ? user.record->connection : std::string(kUnixConnection)},
          {"provider", is_unix ? "unix" : "auth0"},
          {"user_id", id.name},
          {"isSocial", false}};
}

}  // namespace

Json user_view(const User& user, const std::string& picture) {
  const auto profile = user.record ? user.record->profile : UserProfile{};
  Json view{{"user_id", user.id()}};
  put(view, "username", username_of(user, profile));
  put(view, "email", profile.email);
  if (profile.email) view["email_verified"] = profile.email_verified;
  put(view, "name", name_of(user, profile));
  put(view, "given_name", profile.given_name);
  put(view, "family_name", profile.family_name);
  put(view, "nickname", nickname_of(user, profile));
  view["picture"] = profile.picture.value_or(picture);
  put(view, "phone_number", profile.phone_number);
  if (profile.phone_verified) view["phone_verified"] = *profile.phone_verified;
  if (user.record) {
    view["created_at"] = utc_text(user.record->created);
    view["updated_at"] = utc_text(user.record->updated);
  }
  view["identities"] = Json::array({identity_view(user)});
  if (user.has_method) view["multifactor"] = Json::array({"guardian"});
  view["blocked"] = user.record && user.record->blocked;
  view["user_metadata"] = metadata_view(profile.user_metadata);
  view["app_metadata"] = metadata_view(profile.app_metadata);
  if (profile.password_changed) view["last_password_reset"] = utc_text(*profile.password_changed);
  if (user.logins.last) view["last_login"] = utc_text(*user.logins.last);
  if (!user.logins.last_source.empty()) view["last_ip"] = user.logins.last_source;
  view["logins_count"] = user.logins.count;
  return view;
}

}  // namespace twinlock::http
