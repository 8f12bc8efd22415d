// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_USER_ID_H
#define TWINLOCK_DAEMON_DOMAIN_USER_ID_H

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/domain/account.h"

namespace twinlock {

// The uid of a record that is no Unix account. (uid_t)-1 belongs to nobody: chown(2) takes it for
// "unchanged".
inline constexpr Uid kNoUid = 0xFFFFFFFF;

// A user as the management API names it: "unix|alice", or "auth0|<24 hexadecimal digits>" for a
// person who has a record and no account.
struct UserId {
  enum class Provider { Unix, Record };

  Provider provider = Provider::Unix;
  std::string name;  // the account's, in the spelling that was given; or the digits

  bool operator==(const UserId&) const = default;
};

// "unix|alice" or bare "alice", with whatever may be an account's name; "auth0|" and 24 lower-case
// hexadecimal digits. Nothing for every other text: nobody is called that.
[[nodiscard]] std::optional<UserId> parse_user_id(std::string_view text);
[[nodiscard]] std::string to_text(const UserId& id);  // with its provider

// Under which name and uid a record keeps what it owns. NSS can't return such a name (S38), nor
// such a uid, so that no login ever takes it for its own.
[[nodiscard]] Account owner_of_record(const UserId& id);
[[nodiscard]] bool is_record(const Account& owner);
[[nodiscard]] UserId user_id_of(const Account& owner);

// A new record's id from twelve random bytes.
[[nodiscard]] UserId make_record_id(std::span<const std::uint8_t, 12> random);

}  // namespace twinlock

#endif
