// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_USER_RECORD_H
#define TWINLOCK_DAEMON_DOMAIN_USER_RECORD_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/domain/account.h"
#include "daemon/domain/instant.h"

namespace twinlock {

// The connection of Unix accounts; records have others.
inline constexpr std::string_view kUnixConnection = "unix";

// A member of an object and its value, which is JSON text that nobody here looks into.
using Metadata = std::map<std::string, std::string>;

// What the management API was told about a person.
struct UserProfile {
  std::optional<std::string> username;
  std::optional<std::string> email;
  bool email_verified = false;
  std::optional<std::string> name;
  std::optional<std::string> given_name;
  std::optional<std::string> family_name;
  std::optional<std::string> nickname;
  std::optional<std::string> picture;
  std::optional<std::string> phone_number;
  std::optional<bool> phone_verified;
  Metadata user_metadata;
  Metadata app_metadata;
  std::string password_hash;  // password_hash.h; empty if there is none. Never of a Unix account
  std::optional<WallTime> password_changed;
};

// What the store keeps about a user beside methods: of each one that was ever enrolled or made
// known through the API. A Unix account needs none to exist.
struct UserRecord {
  Account owner;  // of a person without an account: owner_of_record()
  std::string connection{kUnixConnection};
  UserProfile profile;
  bool blocked = false;  // no login is let through (U04)
  WallTime created;
  WallTime updated;
  std::int64_t version = 0;  // 0: nothing stored yet. Each write replaces exactly one version
};

// Of an account, from the audit log, for as long as that is kept.
struct LoginHistory {
  std::int64_t count = 0;  // granted, or exempt
  std::optional<WallTime> last;
  std::string last_source;  // address literal; empty where the login came from none
};

}  // namespace twinlock

#endif
