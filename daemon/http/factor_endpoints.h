// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_FACTOR_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_FACTOR_ENDPOINTS_H

#include <vector>

#include "daemon/domain/administration.h"
#include "daemon/domain/setting_groups.h"
#include "daemon/http/router.h"

namespace twinlock::http {

// /api/v2/guardian/factors and /policies (G01-G06): what they switch is what the next login obeys.
// Switching the second factor off for everybody needs a scope of its own besides (S67).
class FactorEndpoints {
 public:
  FactorEndpoints(Administration& administration, SettingGroups& groups)
      : administration_(administration), groups_(groups) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  [[nodiscard]] Response list(const Request& request);
  [[nodiscard]] Response show(const Request& request);
  [[nodiscard]] Response set(const Request& request);
  [[nodiscard]] Response policies(const Request& request);
  [[nodiscard]] Response set_policies(const Request& request);

  Administration& administration_;
  SettingGroups& groups_;
};

}  // namespace twinlock::http

#endif
