// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_USER_REQUEST_H
#define TWINLOCK_DAEMON_HTTP_USER_REQUEST_H

#include "daemon/domain/users.h"
#include "daemon/http/message.h"
#include "daemon/http/paging.h"
#include "daemon/http/parsed.h"

namespace twinlock::http {

// The user that a body of U02 describes; the 400 says what is wrong with it.
[[nodiscard]] Parsed<NewUser> new_user_of(const Request& request);

// What a body of U04 changes. A caller without update:users may change metadata alone, as far as
// its scopes say; else 403.
[[nodiscard]] Parsed<ProfileChange> profile_change_of(const Request& request);

// What a query of U01 asks for.
struct UserSearch {
  Page page;
  UserListing listing;
};
[[nodiscard]] Parsed<UserSearch> user_search_of(const Request& request);

// How the next page is asked for: `from` of the query, behind the user of this id.
[[nodiscard]] std::string checkpoint_after(const std::string& user_id);

}  // namespace twinlock::http

#endif
