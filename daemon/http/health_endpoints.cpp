// SPDX-License-Identifier: MIT
#include "daemon/http/health_endpoints.h"

#include "daemon/http/json.h"

namespace twinlock::http {

std::vector<Route> HealthEndpoints::routes() {
  return {{"healthz",
           Method::Get,
           "/healthz",
           {},
           [](const Request& /*request*/) {
             return json_response(200, {{"status", "ok"}});
           },
           Access::Public,
           RateClass::None},
          {"readyz",
           Method::Get,
           "/readyz",
           {},
           [this](const Request& /*request*/) { return say_ready(); },
           Access::Public,
           RateClass::None}};
}

Response HealthEndpoints::say_ready() const {
  if (store_.settings()) return json_response(200, {{"status", "ready"}});
  return json_response(503, {{"status", "unavailable"}});
}

}  // namespace twinlock::http
