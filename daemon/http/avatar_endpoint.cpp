// SPDX-License-Identifier: MIT
#include "daemon/http/avatar_endpoint.h"

#include <string>

#include "daemon/http/message.h"

namespace twinlock::http {
namespace {

// Head and shoulders on a disc.
constexpr const char* kAvatar =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" role="img" aria-label="User">)"
    R"(<circle cx="48" cy="48" r="48" fill="#3b5b7a"/><circle cx="48" cy="38" r="16" fill="#fff"/>)"
    R"(<path d="M16 82a32 26 0 0 1 64 0a48 48 0 0 1-64 0z" fill="#fff"/></svg>)";

Response show(const Request& /*request*/) {
  Response response;
  response.body = kAvatar;
  response.content_type = "image/svg+xml; charset=utf-8";
  return response;
}

}  // namespace

Route avatar_route() {
  return {.id = "avatar",
          .method = Method::Get,
          .pattern = std::string{kAvatarPath},
          .scopes = {},
          .handler = show,
          .access = Access::Public,
          .rate = RateClass::Source};
}

}  // namespace twinlock::http
