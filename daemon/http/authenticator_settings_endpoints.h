// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_AUTHENTICATOR_SETTINGS_ENDPOINTS_H
#define TWINLOCK_DAEMON_HTTP_AUTHENTICATOR_SETTINGS_ENDPOINTS_H

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/result.h"
#include "daemon/domain/setting_groups.h"
#include "daemon/http/options.h"
#include "daemon/http/router.h"

namespace twinlock::http {

// Settings of security keys, of authenticators built in, and of Duo (G39-G45).
class AuthenticatorSettingsEndpoints {
 public:
  // How many keys and passkeys are enrolled: they belong to one relying party for ever.
  using CountKeys = std::function<Result<std::int64_t>()>;

  AuthenticatorSettingsEndpoints(SettingGroups& groups,
                                 CountKeys count_keys,
                                 const Options& options)
      : groups_(groups), count_keys_(std::move(count_keys)), options_(options) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  [[nodiscard]] Response duo(const Request& request);
  [[nodiscard]] Response set_duo(const Request& request, bool replaces);
  [[nodiscard]] Response webauthn(const Request& request, SettingGroup group);
  [[nodiscard]] Response set_webauthn(const Request& request, SettingGroup group);
  [[nodiscard]] std::string relying_party(const SettingFields& fields) const;

  SettingGroups& groups_;
  CountKeys count_keys_;
  const Options& options_;
};

}  // namespace twinlock::http

#endif
