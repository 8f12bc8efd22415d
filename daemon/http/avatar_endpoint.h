// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_AVATAR_ENDPOINT_H
#define TWINLOCK_DAEMON_HTTP_AVATAR_ENDPOINT_H

#include <string_view>

#include "daemon/http/router.h"

namespace twinlock::http {

inline constexpr std::string_view kAvatarPath = "/static/avatar.svg";

// The picture of every user who has none of their own, for anybody. The same for all: a picture
// from elsewhere, found by a digest of the address, would tell others who administers whom.
[[nodiscard]] Route avatar_route();

}  // namespace twinlock::http

#endif
