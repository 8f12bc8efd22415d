// SPDX-License-Identifier: MIT
#include "daemon/domain/users.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/domain/contact.h"
#include "daemon/domain/password_hash.h"
#include "daemon/domain/user_event.h"

namespace twinlock {
namespace {

// So often may others write the same record between our look and our write before we give up.
constexpr int kRaces = 32;
constexpr int kSearchedAtOnce = 500;
constexpr std::size_t kMostMetadata = std::size_t{32} * 1024;  // of one user: a list has a hundred
constexpr std::array<std::string_view, 3> kAdministrators{"sudo", "wheel", "adm"};  // S65

Error nobody() { return {ErrorCode::NotFound, "The user does not exist."}; }
Error taken() { return {ErrorCode::Conflict, "The user already exists."}; }

template <typename T>
void set(std::optional<T>& field, const std::optional<std::optional<T>>& change) {
  if (change) field = *change;
}

void merge(Metadata& metadata, const MetadataChange& change) {
  for (const auto& [key, value] : change) {
    if (value) {
      metadata.insert_or_assign(key, *value);
    } else {
      metadata.erase(key);
    }
  }
}

std::size_t size_of(const Metadata& metadata) {
  std::size_t size = 0;
  for (const auto& [key, value] : metadata) size += key.size() + value.size();
  return size;
}

bool is_confirmed(const AuthenticationMethod& method, const Account& owner) {
  return method.confirmed && method.owner.name == owner.name && method.owner.uid == owner.uid;
}

std::vector<std::string> text_of(const std::optional<std::string>& text) {
  return text ? std::vector{*text} : std::vector<std::string>();
}

AuditEventType type_of_change(const UserRecord& before, const UserRecord& after) {
  if (before.blocked == after.blocked) return AuditEventType::UserChanged;
  return after.blocked ? AuditEventType::UserBlocked : AuditEventType::UserUnblocked;
}

// What `user` has under a name that may be searched by.
std::vector<std::string> values_of(const User& user, std::string_view field) {
  const auto profile = user.record ? user.record->profile : UserProfile{};
  if (field == "user_id") return {user.id()};
  if (field == "username") {
    if (!is_record(user.owner)) return {user.owner.name};
    return text_of(profile.username);
  }
  if (field == "email") return text_of(profile.email);
  if (field == "name") return text_of(profile.name);
  if (field == "blocked") return {user.record && user.record->blocked ? "true" : "false"};
  if (field == "created_at" && user.record) return {utc_text(user.record->created)};
  if (field == "last_login" && user.logins.last) return {utc_text(*user.logins.last)};
  return {};
}

}  // namespace

const std::vector<std::string_view>& Users::searchable() {
  static const std::vector<std::string_view> fields{
      "user_id", "username", "email", "name", "blocked", "created_at", "last_login"};
  return fields;
}

Users::Privilege Users::privilege_of(const Account& owner) {
  if (is_record(owner)) return Privilege::Ordinary;
  if (is_privileged(owner)) return Privilege::Privileged;
  const auto groups = ports_.directory.groups(owner);
  if (!groups) return Privilege::Privileged;
  const auto& listed = ports_.privileged_groups;
  const bool administers = std::any_of(groups->begin(), groups->end(), [&](const auto& group) {
    return std::find(kAdministrators.begin(), kAdministrators.end(), group) !=
               kAdministrators.end() ||
           std::find(listed.begin(), listed.end(), group) != listed.end();
  });
  return administers ? Privilege::Privileged : Privilege::Ordinary;
}

Users::Sight Users::sight_of(const Account& owner, const UserFilter& filter) {
  std::optional<std::vector<std::string>> groups;
  if (!filter.groups.empty() && !is_record(owner)) {
    if (const auto read = ports_.directory.groups(owner)) groups = *read;
  }
  return admits(filter, owner.name, groups) ? Sight::Seen : Sight::Hidden;
}

// Of an account that the directory has; else as it was when something was stored of it.
Result<Account> Users::owner_by_name(std::string_view name) {
  const auto found = ports_.directory.find(name);
  if (!found) return found.error();
  if (*found) return **found;
  const auto records = ports_.records.user_records_named(name);
  if (!records) return records.error();
  if (!records->empty()) return records->back().owner;
  return nobody();
}

Result<Account> Users::owner_of(std::string_view id) {
  const auto parsed = parse_user_id(id);
  if (!parsed) return nobody();
  if (parsed->provider == UserId::Provider::Unix) return owner_by_name(parsed->name);
  const auto owner = owner_of_record(*parsed);
  const auto record = ports_.records.user_record(owner);
  if (!record) return record.error();
  if (!*record) return nobody();
  return owner;
}

Result<User> Users::whole(const Account& owner, std::optional<UserRecord> record) {
  const auto methods = ports_.methods.methods_of(owner.name);
  if (!methods) return methods.error();
  auto logins = ports_.records.login_history(owner);
  if (!logins) return logins.error();
  const bool has_method = std::any_of(methods->begin(), methods->end(), [&](const auto& method) {
    return is_confirmed(method, owner);
  });
  return User{owner, std::move(record), has_method, *std::move(logins)};
}

Result<User> Users::find(std::string_view id) {
  const auto owner = owner_of(id);
  if (!owner) return owner.error();
  auto record = ports_.records.user_record(*owner);
  if (!record) return record.error();
  return whole(*owner, *std::move(record));
}

Result<std::vector<User>> Users::with_email(std::string_view address) {
  auto records = ports_.records.user_records_with_email(address);
  if (!records) return records.error();
  std::vector<User> users;
  for (auto& record : *std::move(records)) {
    const auto owner = record.owner;
    auto user = whole(owner, std::move(record));
    if (!user) return user.error();
    users.push_back(*std::move(user));
  }
  return users;
}

Result<UserPage> Users::list(const UserListing& listing) {
  RecordPage page;
  page.newest_first = listing.newest_first;
  page.connection = listing.connection;
  if (listing.after) {
    const auto last = find(*listing.after);
    if (!last) return last.error();
    if (!last->record || (listing.admits && !listing.admits(last->owner))) return nobody();
    page.after = std::pair(last->record->created, last->owner);
  }
  if (listing.query || listing.admits) return search(listing, page);
  page.skip = listing.skip;
  page.limit = listing.limit + 1;  // one more tells whether there is a page behind it
  auto records = ports_.records.user_records(page);
  if (!records) return records.error();
  UserPage found;
  for (auto& record : *std::move(records)) {
    if (found.users.size() == static_cast<std::size_t>(listing.limit)) {
      found.has_more = true;
      break;
    }
    const auto owner = record.owner;
    auto user = whole(owner, std::move(record));
    if (!user) return user.error();
    found.users.push_back(*std::move(user));
  }
  if (!listing.with_total) return found;
  const auto total = ports_.records.count_user_records(listing.connection);
  if (!total) return total.error();
  found.total = *total;
  return found;
}

// Looks through everybody, a few hundred at a time: profiles are sealed, so that the store can't.
Result<UserPage> Users::search(const UserListing& listing, const RecordPage& first) {
  RecordPage page = first;
  page.limit = kSearchedAtOnce;
  const bool needs_logins = listing.query && listing.query->mentions("last_login");
  UserPage found;
  while (true) {
    auto records = ports_.records.user_records(page);
    if (!records) return records.error();
    const bool is_last = records->size() < static_cast<std::size_t>(page.limit);
    for (auto& record : *std::move(records)) {
      page.after = std::pair(record.created, record.owner);
      const auto owner = record.owner;
      User user{owner, std::move(record), false, {}};
      if (needs_logins) {
        auto logins = ports_.records.login_history(owner);
        if (!logins) return logins.error();
        user.logins = *std::move(logins);
      }
      const auto values = [&user](std::string_view field) { return values_of(user, field); };
      if (listing.query && !listing.query->matches(values)) continue;
      if (listing.admits && !listing.admits(owner)) continue;
      if (found.total++ < listing.skip) continue;
      if (found.users.size() == static_cast<std::size_t>(listing.limit)) {
        found.has_more = true;
        if (!listing.with_total) return found;
        continue;
      }
      auto all = whole(owner, std::move(user.record));
      if (!all) return all.error();
      found.users.push_back(*std::move(all));
    }
    if (is_last) return found;
  }
}

Status Users::apply(const ProfileChange& change, UserRecord& record, WallTime now) {
  auto& profile = record.profile;
  if (change.username && !is_record(record.owner)) {
    const bool same = *change.username && **change.username == record.owner.name;
    if (!same)
      return Error{ErrorCode::InvalidInput, "The username of an account can't be changed."};
  } else {
    set(profile.username, change.username);
  }
  set(profile.email, change.email);
  if (change.email && !change.email_verified) profile.email_verified = false;
  if (change.email_verified) profile.email_verified = *change.email_verified;
  set(profile.name, change.name);
  set(profile.given_name, change.given_name);
  set(profile.family_name, change.family_name);
  set(profile.nickname, change.nickname);
  set(profile.picture, change.picture);
  set(profile.phone_number, change.phone_number);
  set(profile.phone_verified, change.phone_verified);
  if (change.blocked && *change.blocked && !is_record(record.owner) && record.owner.uid == 0) {
    return Error{ErrorCode::InvalidInput,
                 "The account with uid 0 can't be blocked: it is the way back in"};
  }
  if (change.blocked) record.blocked = *change.blocked;
  merge(profile.user_metadata, change.user_metadata);
  merge(profile.app_metadata, change.app_metadata);
  if (size_of(profile.user_metadata) + size_of(profile.app_metadata) > kMostMetadata) {
    return Error{ErrorCode::InvalidInput,
                 "user_metadata and app_metadata would be longer than " +
                     std::to_string(kMostMetadata / 1024) + " KiB together"};
  }
  record.updated = now;
  if (!change.password) return Done{};
  if (!is_record(record.owner)) {
    return Error{ErrorCode::InvalidInput, "The password of an account is changed with passwd(1)."};
  }
  PasswordSalt salt{};
  ports_.random.fill(salt);
  auto hash = make_password_hash(*change.password, salt);
  if (!hash) return hash.error();
  profile.password_hash = *std::move(hash);
  profile.password_changed = now;
  return Done{};
}

Result<UserRecord> Users::draft(const NewUser& user) {
  UserRecord record;
  record.connection = user.connection;
  if (user.connection != kUnixConnection) {
    std::array<std::uint8_t, 12> random{};
    ports_.random.fill(random);
    auto id = make_record_id(random);
    if (user.user_id) {
      const auto given = parse_user_id("auth0|" + *user.user_id);
      if (!given) {
        return Error{ErrorCode::InvalidInput,
                     "A user_id has to be 24 hexadecimal digits in lower case."};
      }
      id = *given;
    }
    record.owner = owner_of_record(id);
    return record;
  }
  const auto& name = user.profile.username;
  if (!name || !*name || !is_account_name(**name)) {
    return Error{ErrorCode::InvalidInput, "The connection unix needs the username of an account."};
  }
  const auto found = ports_.directory.find(**name);
  if (!found) return found.error();
  if (!*found) {
    return Error{ErrorCode::InvalidInput, "There is no account " + **name + " on this system."};
  }
  record.owner = **found;
  return record;
}

Result<User> Users::written(const UserRecord& record, const AuditEvent& event) {
  ports_.audit.written(event);
  return whole(record.owner, record);
}

Result<User> Users::create(const NewUser& user, const Actor& actor) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  auto drafted = draft(user);
  if (!drafted) return drafted.error();
  UserRecord record = *std::move(drafted);
  record.created = now->wall;
  auto change = [&]() -> Status {
    if (is_record(record.owner)) return apply(user.profile, record, now->wall);
    // Its name in whatever spelling led to it (S37).
    const auto& given = user.profile;
    ProfileChange without_name{.username = {},
                               .email = given.email,
                               .email_verified = given.email_verified,
                               .name = given.name,
                               .given_name = given.given_name,
                               .family_name = given.family_name,
                               .nickname = given.nickname,
                               .picture = given.picture,
                               .phone_number = given.phone_number,
                               .phone_verified = given.phone_verified,
                               .blocked = given.blocked,
                               .user_metadata = given.user_metadata,
                               .app_metadata = given.app_metadata,
                               .password = {}};
    if (given.password) without_name.password = given.password->copy();
    return apply(without_name, record, now->wall);
  }();
  if (!change) return change.error();
  auto event = user_event(AuditEventType::UserCreated, record.owner, actor, now->wall);
  if (record.blocked) event.detail = "blocked";
  const auto done = ports_.records.write_user_record(record, event);
  if (!done) return done.error();
  if (*done != RecordWrite::Written) return taken();
  return written(record, event);
}

Result<User> Users::change(std::string_view id, const ProfileChange& change, const Actor& actor) {
  const auto owner = owner_of(id);
  if (!owner) return owner.error();
  return change_record(*owner, change, actor);
}

Status Users::unblock(const Account& owner, const Actor& actor) {
  const auto found = ports_.records.user_record(owner);
  if (!found) return found.error();
  if (!*found || !(*found)->blocked) return Done{};
  ProfileChange change;
  change.blocked = false;
  const auto changed = change_record(owner, change, actor);
  if (!changed) return changed.error();
  return Done{};
}

Result<User> Users::change_record(const Account& owner,
                                  const ProfileChange& change,
                                  const Actor& actor) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  for (int race = 0; race < kRaces; ++race) {
    auto found = ports_.records.user_record(owner);
    if (!found) return found.error();
    UserRecord record;
    record.owner = owner;
    record.created = now->wall;
    if (*found) record = **found;
    const UserRecord before = record;
    if (auto applied = apply(change, record, now->wall); !applied) return applied.error();
    const auto event = user_event(type_of_change(before, record), owner, actor, now->wall);
    const auto done = ports_.records.write_user_record(record, event);
    if (!done) return done.error();
    switch (*done) {
      case RecordWrite::Written:
        return written(record, event);
      case RecordWrite::Exists:
        return taken();
      case RecordWrite::Moved:
        break;
    }
  }
  return Error{ErrorCode::Unavailable, "the user's record is written by too many at once"};
}

Status Users::remove(std::string_view id, const Actor& actor) {
  const auto owner = owner_of(id);
  if (!owner) {
    if (owner.error().code == ErrorCode::NotFound) return Done{};
    return owner.error();
  }
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  const auto event = user_event(AuditEventType::UserDeleted, *owner, actor, now->wall);
  const auto removed = ports_.records.remove_user(owner->name, event);
  if (!removed) return removed.error();
  if (*removed == Claim::Won) ports_.audit.written(event);
  return Done{};
}

}  // namespace twinlock
