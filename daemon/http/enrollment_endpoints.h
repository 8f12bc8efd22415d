// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_ENROLLMENT_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_ENROLLMENT_ENDPOINTS_H

#include <string>
#include <vector>

#include "daemon/domain/method_administration.h"
#include "daemon/domain/tickets.h"
#include "daemon/http/method_view.h"
#include "daemon/http/router.h"
#include "daemon/http/user_access.h"

namespace twinlock::http {

// U14, U15, G46 to G49: enrollments as Guardian counts them, and the tickets that invite to them.
class EnrollmentEndpoints {
 public:
  struct Parts {
    MethodAdministration& methods;
    Tickets& tickets;
    Users& users;
    PresentationSource presentation;
    std::string public_url;  // "https://id.example.com": links are built from it alone (S61)
  };

  explicit EnrollmentEndpoints(Parts parts);

  [[nodiscard]] std::vector<Route> routes();

 private:
  [[nodiscard]] Response list(const Request& request);
  [[nodiscard]] Response remove_all(const Request& request);
  [[nodiscard]] Response create_ticket(const Request& request);
  [[nodiscard]] Response show(const Request& request);
  [[nodiscard]] Response remove(const Request& request);

  // The path's enrollment, whosever it is, if the caller may touch its owner.
  [[nodiscard]] Parsed<EnrolledMethod> enrollment_of(const Request& request, const Scopes& scopes);

  Parts parts_;
  UserAccess access_;
};

}  // namespace twinlock::http

#endif
