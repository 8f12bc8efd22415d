// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_API_CLIENT_H
#define TWINLOCK_DAEMON_DOMAIN_API_CLIENT_H

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/bearer_token.h"
#include "daemon/domain/instant.h"
#include "daemon/domain/scope.h"

namespace twinlock {

// Whose accounts a client may see and change (S65). Both must admit; an empty one admits all.
struct UserFilter {
  std::vector<std::string> groups;  // the account is in one of them
  std::string names;                // a pattern: '*' for any characters, '?' for one

  bool operator==(const UserFilter&) const = default;
};

// `groups`: those of the account; nothing if they can't be read, which admits nobody to a filter
// by group (S48).
[[nodiscard]] bool admits(const UserFilter& filter,
                          std::string_view name,
                          const std::optional<std::vector<std::string>>& groups);

// Whether the pattern names the whole of `text`. Time: the product of their lengths.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view text);

// Who administers through the API: made by root on the host, never by a default password.
struct ApiClient {
  std::string id;          // 32 letters and digits
  std::string name;        // of one client at a time
  Sha256Digest secret{};   // of the secret's text; zeros where there is a public key
  std::string public_key;  // PEM: signs what it authenticates with (RFC 7523); empty: by secret
  ScopeSet scopes;
  std::vector<std::string> networks;  // from which its tokens count; empty: from anywhere
  UserFilter users;
  std::chrono::seconds token_lifetime{std::chrono::hours(24)};
  WallTime created;
  std::optional<WallTime> last_token;  // when one was issued last
};

inline constexpr std::size_t kClientIdLength = 32;
inline constexpr std::size_t kMaxClientName = 64;  // bytes
inline constexpr int kMaxApiClients = 200;
inline constexpr int kMaxLiveTokens = 1000;  // of one client; the oldest gives way
inline constexpr std::chrono::seconds kShortestToken{5 * 60};
inline constexpr std::chrono::seconds kLongestToken{30 * 24 * 3600};

[[nodiscard]] bool is_client_id(std::string_view text);

// A token as it is stored.
struct AccessToken {
  Sha256Digest hash{};
  std::string client;
  ScopeSet scopes;
  WallTime created;
  WallTime expires;
};

// A token that was found, and whose it is.
struct FoundToken {
  AccessToken token;
  ApiClient client;
};

}  // namespace twinlock

#endif
