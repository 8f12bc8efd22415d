// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_USER_VIEW_H
#define TWINLOCK_DAEMON_HTTP_USER_VIEW_H

#include <string>
#include <string_view>

#include "daemon/domain/users.h"
#include "daemon/http/json.h"

namespace twinlock::http {

// A user as Auth0 shows one (§3.1 of the contract): never a password, hash, secret or code.
// `picture`: the address of the picture of whoever has none.
[[nodiscard]] Json user_view(const User& user, const std::string& picture);

}  // namespace twinlock::http

#endif
