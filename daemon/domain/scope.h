// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_SCOPE_H
#define TWINLOCK_DAEMON_DOMAIN_SCOPE_H

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twinlock {

// Beyond Auth0's: switching the second factor off for everybody (S67), and mailing a ticket to
// another address than the one on record (S77).
inline constexpr std::string_view kDisableMfa = "disable:mfa";
inline constexpr std::string_view kRedirectTickets = "redirect:guardian_enrollment_tickets";

// Behind a scope that touches users: the same for uid 0 and for members of the groups that
// administer the machine (S65).
inline constexpr std::string_view kPrivileged = ":privileged";

// Every scope that a client can have, in alphabetical order: what a "full" one has.
[[nodiscard]] std::span<const std::string_view> all_scopes();
[[nodiscard]] bool is_scope(std::string_view text);

// "a b  c" → a, b, c: the form of RFC 6749 §3.3.
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);
[[nodiscard]] std::string joined_scopes(const std::vector<std::string>& scopes);

// What of `wanted` is in `granted`, in the order of `granted`; all of `granted` if nothing is
// wanted.
[[nodiscard]] std::vector<std::string> narrowed_scopes(const std::vector<std::string>& granted,
                                                       const std::vector<std::string>& wanted);

}  // namespace twinlock

#endif
