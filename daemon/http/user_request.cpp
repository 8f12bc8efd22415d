// SPDX-License-Identifier: MIT
#include "daemon/http/user_request.h"

#include <algorithm>
#include <utility>

#include "common/encoding.h"
#include "daemon/domain/contact.h"
#include "daemon/http/actor.h"
#include "daemon/http/errors.h"
#include "daemon/http/schema.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kLongestText = 300;
constexpr std::size_t kLongestUrl = 2048;
constexpr std::size_t kLongestPassword = 1024;
constexpr std::size_t kLongestConnection = 128;

bool is_phone_number(std::string_view text) { return parse_phone_number(text).has_value(); }
bool is_link(std::string_view text) {
  return (text.starts_with("https://") || text.starts_with("http://")) && is_printable(text);
}

Schema text_schema(const char* description) {
  return string(description).length(1, kLongestText).format("printable", is_printable);
}

std::vector<Property> profile_properties() {
  return {optional("email", string("The user's mail address").format("email", is_mail_address)),
          optional("username", text_schema("The user's name at login")),
          optional("password", string("The user's password").length(1, kLongestPassword)),
          optional("email_verified", boolean("Whether the mail address is the user's")),
          optional("verify_email", boolean("Whether to write to it: nothing is sent")),
          optional("name", text_schema("The user's whole name")),
          optional("given_name", text_schema("The user's given name")),
          optional("family_name", text_schema("The user's family name")),
          optional("nickname", text_schema("The user's nickname")),
          optional("picture",
                   string("A picture of the user").length(1, kLongestUrl).format("uri", is_link)),
          optional("phone_number",
                   string("The user's phone number").format("phone-number", is_phone_number)),
          optional("phone_verified", boolean("Whether the number is the user's")),
          optional("blocked", boolean("Whether no login is let through"))};
}

// What it is read for is looked at below: it may have any members.
const std::vector<std::string> kMetadata{"user_metadata", "app_metadata"};

const Schema& creation_schema() {
  static const Schema schema = [] {
    auto properties = profile_properties();
    properties.push_back(
        required("connection", string("The connection of the user").length(1, kLongestConnection)));
    properties.push_back(
        optional("user_id", string("The id within the connection").length(1, 255)));
    return object(std::move(properties)).tolerate(kMetadata);
  }();
  return schema;
}

const Schema& change_schema() {
  static const Schema schema = [] {
    auto properties = profile_properties();
    for (auto& property : properties) {
      const auto& name = property.name;
      const bool erasable = name == "given_name" || name == "family_name" || name == "nickname" ||
                            name == "name" || name == "picture" || name == "phone_number";
      if (erasable) property.schema = property.schema.or_null();
    }
    auto tolerated = kMetadata;
    for (const auto* name : {"connection", "client_id", "verify_phone_number"}) {
      tolerated.emplace_back(name);
    }
    return object(std::move(properties)).tolerate(std::move(tolerated)).at_least(1);
  }();
  return schema;
}

ProfileChange::Field<std::string> field(const Json& body, const char* name) {
  if (!body.contains(name)) return std::nullopt;
  const auto& value = body.at(name);
  if (value.is_null()) return std::optional<std::string>();
  return std::optional(value.get<std::string>());
}

std::optional<bool> flag(const Json& body, const char* name) {
  if (!body.contains(name)) return std::nullopt;
  return body.at(name).get<bool>();
}

Parsed<MetadataChange> metadata_in(const Json& body, const std::string& name) {
  MetadataChange change;
  if (!body.contains(name)) return change;
  const auto& object = body.at(name);
  if (!object.is_object()) {
    return body_error({"Expected type object but found type " + std::string(json_type(object)),
                       name,
                       "What applications keep about the user"});
  }
  for (const auto& [key, value] : object.items()) {
    change[key] = value.is_null() ? std::nullopt : std::optional(json_text(value));
  }
  return change;
}

Parsed<ProfileChange> change_in(const Json& body) {
  ProfileChange change;
  change.username = field(body, "username");
  change.email = field(body, "email");
  change.email_verified = flag(body, "email_verified");
  change.name = field(body, "name");
  change.given_name = field(body, "given_name");
  change.family_name = field(body, "family_name");
  change.nickname = field(body, "nickname");
  change.picture = field(body, "picture");
  change.phone_number = field(body, "phone_number");
  if (change.phone_number && *change.phone_number) {
    change.phone_number = parse_phone_number(**change.phone_number);
  }
  if (const auto verified = flag(body, "phone_verified")) change.phone_verified = verified;
  change.blocked = flag(body, "blocked");
  if (const auto password = field(body, "password")) {
    change.password.emplace(std::string_view(**password));
  }
  auto user_metadata = metadata_in(body, kMetadata[0]);
  if (!user_metadata) return user_metadata.refusal();
  auto app_metadata = metadata_in(body, kMetadata[1]);
  if (!app_metadata) return app_metadata.refusal();
  change.user_metadata = *std::move(user_metadata);
  change.app_metadata = *std::move(app_metadata);
  return change;
}

// Whether the caller may change all that is named.
std::optional<Response> refusal_for(const Request& request, const Json& body) {
  const auto& caller = request.caller;
  if (caller.scopes.contains("update:users")) return std::nullopt;
  for (const auto& [name, value] : body.items()) {
    if (name == "app_metadata" && caller.scopes.contains("update:users_app_metadata")) continue;
    if (name == "user_metadata" && caller.scopes.contains("update:current_user_metadata")) continue;
    return insufficient_scope({"update:users"});
  }
  return std::nullopt;
}

Response bad_query(std::string_view name, const std::string& what) {
  return query_error({what, std::string(name), {}});
}

}  // namespace

Parsed<NewUser> new_user_of(const Request& request) {
  const auto body = creation_schema().read(request);
  if (!body) return body.refusal();
  auto change = change_in(*body);
  if (!change) return change.refusal();
  NewUser user{.connection = body->at("connection").get<std::string>(),
               .user_id = std::nullopt,
               .profile = *std::move(change)};
  if (body->contains("user_id")) user.user_id = body->at("user_id").get<std::string>();
  return user;
}

Parsed<ProfileChange> profile_change_of(const Request& request) {
  const auto body = change_schema().read(request);
  if (!body) return body.refusal();
  if (auto refusal = refusal_for(request, *body)) return *std::move(refusal);
  return change_in(*body);
}

std::string checkpoint_after(const std::string& user_id) {
  return base64url_encode(bytes_of(user_id));
}

Parsed<UserSearch> user_search_of(const Request& request) {
  const auto page = page_of(request);
  if (!page) return page.refusal();
  UserSearch search{.page = *page, .listing = {}};
  auto& listing = search.listing;
  listing.limit = page->size;
  listing.with_total = page->include_totals;
  if (page->is_checkpoint) {
    if (!page->from.empty()) {
      const auto id = base64url_decode(page->from);
      if (!id) return bad_query("from", "It is none that a page before has told");
      listing.after = std::string(id->begin(), id->end());
    }
  } else {
    listing.skip = page->start();
  }
  listing.connection = request.query_value("connection").value_or("");
  const auto sort = request.query_value("sort");
  if (sort && *sort != "created_at:1" && *sort != "created_at:-1") {
    return bad_query("sort", "It has to be created_at:1 or created_at:-1");
  }
  listing.newest_first = sort == "created_at:-1";
  const auto text = request.query_value("q");
  if (!text || text->empty()) return search;
  auto query = LuceneQuery::parse(*text, Users::searchable());
  if (!query) return bad_query("q", query.error().detail);
  listing.query = *std::move(query);
  return search;
}

}  // namespace twinlock::http
