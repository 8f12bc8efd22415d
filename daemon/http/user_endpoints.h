// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_USER_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_USER_ENDPOINTS_H

#include <string>
#include <utility>
#include <vector>

#include "daemon/domain/users.h"
#include "daemon/http/fields.h"
#include "daemon/http/json.h"
#include "daemon/http/router.h"
#include "daemon/http/user_access.h"

namespace twinlock::http {

// U01 to U06: users and what is known of them.
class UserEndpoints {
 public:
  // `picture`: the address of the picture of whoever has none.
  UserEndpoints(Users& users, std::string picture)
      : users_(users), access_(users), picture_(std::move(picture)) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  [[nodiscard]] Response list(const Request& request);
  [[nodiscard]] Response create(const Request& request);
  [[nodiscard]] Response show(const Request& request);
  [[nodiscard]] Response change(const Request& request);
  [[nodiscard]] Response remove(const Request& request);
  [[nodiscard]] Response find_by_email(const Request& request);

  [[nodiscard]] Json views_of(const std::vector<User>& users, const Selection& selection);

  Users& users_;
  UserAccess access_;
  std::string picture_;
};

}  // namespace twinlock::http

#endif
