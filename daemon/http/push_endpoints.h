// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_PUSH_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_PUSH_ENDPOINTS_H

#include <string>
#include <vector>

#include "daemon/domain/setting_groups.h"
#include "daemon/http/json.h"
#include "daemon/http/options.h"
#include "daemon/http/router.h"

namespace twinlock::http {

// Push notifications: the provider that is used, providers' credentials (G27-G38), and what the
// prompt says about the app (A08, A09). They are kept for whoever administers them; no login sends
// a notification.
class PushEndpoints {
 public:
  PushEndpoints(SettingGroups& groups, const Options& options)
      : groups_(groups), options_(options) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  // PUT replaces what is stored, PATCH changes it.
  enum class Write { Replace, Merge };

  [[nodiscard]] Response provider(const Request& request);
  [[nodiscard]] Response select_provider(const Request& request);
  [[nodiscard]] Response sns(const Request& request);
  [[nodiscard]] Response set_sns(const Request& request, Write write);
  [[nodiscard]] Response apns(const Request& request);
  [[nodiscard]] Response set_apns(const Request& request, Write write);
  [[nodiscard]] Response set_fcm(const Request& request, Write write);
  [[nodiscard]] Response set_fcm_v1(const Request& request, Write write);
  [[nodiscard]] Response prompt(const Request& request);
  [[nodiscard]] Response set_prompt(const Request& request);

  [[nodiscard]] Result<SettingFields> store(const Request& request,
                                            SettingGroup group,
                                            const Json& body,
                                            const std::vector<std::string>& secrets,
                                            Write write);

  SettingGroups& groups_;
  const Options& options_;
};

}  // namespace twinlock::http

#endif
