// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_TENANT_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_TENANT_ENDPOINTS_H

#include <vector>

#include "daemon/domain/setting_groups.h"
#include "daemon/http/router.h"
#include "daemon/http/schema.h"

namespace twinlock::http {

// What an installation says of itself (A04, A05), for how long places are remembered (G07, G08),
// and the switches of risk assessment (A12-A15).
class TenantEndpoints {
 public:
  explicit TenantEndpoints(SettingGroups& groups) : groups_(groups) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  // Fields that are sent together, and what they are until they were.
  struct Sheet {
    SettingGroup group;
    Schema schema;
    Json defaults;
  };
  [[nodiscard]] static const Sheet& remembering();
  [[nodiscard]] static const Sheet& risk_assessment();
  [[nodiscard]] static const Sheet& new_device();

  [[nodiscard]] Response tenant(const Request& request);
  [[nodiscard]] Response change_tenant(const Request& request);
  [[nodiscard]] Response show(const Request& request, const Sheet& sheet);
  [[nodiscard]] Response set(const Request& request, const Sheet& sheet);
  [[nodiscard]] Response set_remembering(const Request& request);

  SettingGroups& groups_;
};

}  // namespace twinlock::http

#endif
