// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_USERS_H
#define TWINLOCK_DAEMON_DOMAIN_USERS_H

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "daemon/domain/api_client.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/lucene_query.h"
#include "daemon/domain/user_id.h"
#include "daemon/domain/user_record.h"
#include "daemon/ports/account_directory.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/random_source.h"
#include "daemon/ports/store.h"

namespace twinlock {

// A person as the management API shows it.
struct User {
  Account owner;  // of what it has enrolled
  std::optional<UserRecord> record;
  bool has_method = false;  // a confirmed one, of any type
  LoginHistory logins;

  [[nodiscard]] std::string id() const { return to_text(user_id_of(owner)); }
};

// Members of an object that are to change: to a value, which is JSON text, or to nothing.
using MetadataChange = std::map<std::string, std::optional<std::string>>;

// What is not there stays as it is. A text that is there and empty of value is taken away.
struct ProfileChange {
  template <typename T>
  using Field = std::optional<std::optional<T>>;

  Field<std::string> username;
  Field<std::string> email;
  std::optional<bool> email_verified;
  Field<std::string> name;
  Field<std::string> given_name;
  Field<std::string> family_name;
  Field<std::string> nickname;
  Field<std::string> picture;
  Field<std::string> phone_number;
  Field<bool> phone_verified;
  std::optional<bool> blocked;
  MetadataChange user_metadata;
  MetadataChange app_metadata;
  std::optional<Secret> password;
};

struct NewUser {
  std::string connection;
  std::optional<std::string> user_id;  // the part behind "auth0|"
  ProfileChange profile;
};

// A page of users: by creation, ties by id.
struct UserListing {
  std::optional<LuceneQuery> query;
  std::string connection;  // empty: all
  bool newest_first = false;
  std::int64_t skip = 0;
  int limit = 50;
  std::optional<std::string> after;  // the id that the page before ended with
  bool with_total = false;
  // Who is there for whoever asks; missing: everybody. Others are not counted either (S65).
  std::function<bool(const Account&)> admits;
};

struct UserPage {
  std::vector<User> users;
  std::int64_t total = 0;  // where it was asked for
  bool has_more = false;   // there is a page behind this one
};

// Who is known, and what is known of them. Any thread.
//
// A user exists if the directory has the account or the store has anything of it (C23). What an
// account has under another uid belongs to somebody else (S37). Each change is one audit record
// with its actor. Errors: NotFound (nobody is called so), InvalidInput with what to change,
// Conflict (the address or the name is taken), Unavailable.
class Users {
 public:
  struct Ports {
    UserRecordStore& records;
    MethodStore& methods;
    AccountDirectory& directory;
    RandomSource& random;
    Clock& clock;
    AuditTrail& audit;
    // Groups whose members are privileged besides sudo, wheel and adm.
    std::vector<std::string> privileged_groups;
  };

  explicit Users(Ports ports) : ports_(std::move(ports)) {}

  // Fields that may be searched by.
  static const std::vector<std::string_view>& searchable();

  // Whose methods an id leads to: the cheap half of find().
  [[nodiscard]] Result<Account> owner_of(std::string_view id);
  [[nodiscard]] Result<User> find(std::string_view id);
  [[nodiscard]] Result<std::vector<User>> with_email(std::string_view address);
  [[nodiscard]] Result<UserPage> list(const UserListing& listing);

  [[nodiscard]] Result<User> create(const NewUser& user, const Actor& actor);
  [[nodiscard]] Result<User> change(std::string_view id,
                                    const ProfileChange& change,
                                    const Actor& actor);
  // Lifts a block, if there is one: whoever can't be let in again by the API is by root (S149).
  [[nodiscard]] Status unblock(const Account& owner, const Actor& actor);
  // With everything that it has enrolled. Of nobody: done already.
  [[nodiscard]] Status remove(std::string_view id, const Actor& actor);

  enum class Privilege { Ordinary, Privileged };
  // Who could take over the machine: uid 0, members of sudo, wheel and adm, and of the groups that
  // were listed (S65). Whose groups can't be read counts as one.
  [[nodiscard]] Privilege privilege_of(const Account& owner);

  // Whether somebody who is bound to `filter` may see this user (S65).
  enum class Sight { Hidden, Seen };
  [[nodiscard]] Sight sight_of(const Account& owner, const UserFilter& filter);

 private:
  [[nodiscard]] Result<User> whole(const Account& owner, std::optional<UserRecord> record);
  [[nodiscard]] Result<Account> owner_by_name(std::string_view name);
  [[nodiscard]] Result<UserRecord> draft(const NewUser& user);
  [[nodiscard]] Status apply(const ProfileChange& change, UserRecord& record, WallTime now);
  [[nodiscard]] Result<User> change_record(const Account& owner,
                                           const ProfileChange& change,
                                           const Actor& actor);
  [[nodiscard]] Result<UserPage> search(const UserListing& listing, const RecordPage& page);
  [[nodiscard]] Result<User> written(const UserRecord& record, const AuditEvent& event);

  Ports ports_;
};

}  // namespace twinlock

#endif
