// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_TICKETS_H
#define TWINLOCK_DAEMON_DOMAIN_TICKETS_H

#include <optional>
#include <string>

#include "common/result.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/ticket.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/random_source.h"
#include "daemon/ports/store.h"

namespace twinlock {

struct TicketRequest {
  std::optional<Factor> factor;  // nothing: the holder's choice
  bool allow_multiple = false;
  std::string locale;
};

// Tickets, by which people enroll without a login (S75). Any thread. Errors: Conflict with what to
// do, Unavailable.
class Tickets {
 public:
  struct Ports {
    TicketStore& tickets;
    SettingsStore& settings;
    RandomSource& random;
    Clock& clock;
    AuditTrail& audit;
  };

  explicit Tickets(const Ports& ports) : ports_(ports) {}

  // Conflict unless a factor is on that people can enroll in by themselves.
  [[nodiscard]] Status check_enrollable();

  // 43 characters of base64url that nobody is told again. Several of one user live side by side
  // until one of them is used.
  [[nodiscard]] Result<std::string> issue(const Account& owner,
                                          const TicketRequest& request,
                                          const Actor& actor);

 private:
  Ports ports_;
};

}  // namespace twinlock

#endif
