// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_HEALTH_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_HEALTH_ENDPOINTS_H

#include <vector>

#include "daemon/http/router.h"
#include "daemon/ports/store.h"

namespace twinlock::http {

// What a load balancer asks (S72): no names, versions or reasons, and no secret touched.
//   GET /healthz   200 as long as the process answers
//   GET /readyz    200 if the store can be read, else 503
class HealthEndpoints {
 public:
  explicit HealthEndpoints(SettingsStore& store) : store_(store) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  [[nodiscard]] Response say_ready() const;

  SettingsStore& store_;
};

}  // namespace twinlock::http

#endif
