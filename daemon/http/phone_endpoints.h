// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_PHONE_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_PHONE_ENDPOINTS_H

#include <string>
#include <vector>

#include "daemon/domain/setting_groups.h"
#include "daemon/http/options.h"
#include "daemon/http/router.h"

namespace twinlock::http {

// How codes travel to phones and mailboxes (G09-G26, G50, G51): message types, the provider that is
// used, providers' credentials, templates, length and life of codes. "sms" and "phone" are two
// names of one set of settings.
class PhoneEndpoints {
 public:
  PhoneEndpoints(SettingGroups& groups, const Options& options)
      : groups_(groups), options_(options) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  struct Provider;
  [[nodiscard]] static const std::vector<Provider>& providers();

  [[nodiscard]] Response message_types(const Request& request);
  [[nodiscard]] Response set_message_types(const Request& request);
  [[nodiscard]] Response selected_provider(const Request& request);
  [[nodiscard]] Response select_provider(const Request& request);
  [[nodiscard]] Response credentials(const Request& request, const Provider& provider);
  [[nodiscard]] Response set_credentials(const Request& request, const Provider& provider);
  [[nodiscard]] Response templates(const Request& request);
  [[nodiscard]] Response set_templates(const Request& request);
  [[nodiscard]] Response codes(const Request& request, SettingGroup group);
  [[nodiscard]] Response set_codes(const Request& request, SettingGroup group);

  SettingGroups& groups_;
  const Options& options_;
};

}  // namespace twinlock::http

#endif
