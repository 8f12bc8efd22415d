// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_SOURCE_H
#define TWINLOCK_DAEMON_HTTP_SOURCE_H

#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/policy.h"
#include "daemon/http/message.h"

// Where a request comes from.
namespace twinlock::http {

// What limits count by: an IPv4 address, or the /64 of an IPv6 one (§2.2 of the requirements). What
// is no address literal is its own source.
[[nodiscard]] std::string source_of(std::string_view address);

[[nodiscard]] bool is_loopback_address(std::string_view address);

// Whether `address` is in one of `networks`.
[[nodiscard]] bool is_listed(std::string_view address, const std::vector<Network>& networks);

// The client's address: the peer's, unless that is a listed proxy; then the right-most address of
// X-Forwarded-For that isn't one, or the left-most if all are. A list that can't be read in whole
// means the peer (S56).
[[nodiscard]] std::string client_address(std::string_view peer,
                                         const std::vector<Field>& headers,
                                         const std::vector<Network>& proxies);

}  // namespace twinlock::http

#endif
