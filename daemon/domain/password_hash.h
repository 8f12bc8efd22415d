// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_PASSWORD_HASH_H
#define TWINLOCK_DAEMON_DOMAIN_PASSWORD_HASH_H

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/result.h"
#include "common/secret.h"

// Passwords of people without an account (C24), by scrypt (RFC 7914) with N = 2^15, r = 8, p = 1:
// 32 MiB and about a tenth of a second each. Accounts' passwords are PAM's.
namespace twinlock {

using PasswordSalt = std::array<std::uint8_t, 16>;

// "scrypt$15$8$1$<salt>$<hash>", both in base64url. Unavailable where memory is short.
[[nodiscard]] Result<std::string> make_password_hash(const Secret& password,
                                                     const PasswordSalt& salt);

enum class PasswordMatch { Wrong, Right };
// Wrong for a text that make_password_hash() didn't make.
[[nodiscard]] Result<PasswordMatch> match_password(const Secret& password, std::string_view hash);

}  // namespace twinlock

#endif
