// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_CLIENT_ASSERTION_H
#define TWINLOCK_DAEMON_HTTP_CLIENT_ASSERTION_H

#include <optional>
#include <string>
#include <string_view>

#include "daemon/domain/api_client.h"
#include "daemon/domain/instant.h"
#include "daemon/http/options.h"

// How a client without a secret shows who it is: a JSON Web Token that it has signed
// (private_key_jwt, RFC 7523 §3, S64).
namespace twinlock::http {

inline constexpr std::string_view kClientAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// Whom an assertion speaks for, as it says itself: to be looked up, and believed only then.
[[nodiscard]] std::optional<std::string> claimed_client(std::string_view assertion);

struct Assertion {
  std::string jti;
  WallTime expires;
};

// What is left to check of an assertion that `client` has signed and that is meant for us, now:
// that its `jti` wasn't used before. Nothing for every other one: longer than 8 KiB, unsigned,
// signed with another algorithm than the client's key has, or pointing at keys of its own; without
// `exp`, `jti`, `iss` or `sub`; for somebody else; over, not yet valid by more than a minute, or
// valid for longer than an hour.
[[nodiscard]] std::optional<Assertion> verified_assertion(std::string_view assertion,
                                                          const ApiClient& client,
                                                          const Options& options,
                                                          WallTime now);

}  // namespace twinlock::http

#endif
