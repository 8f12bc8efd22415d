// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_SETTING_FIELDS_H
#define TWINLOCK_DAEMON_HTTP_SETTING_FIELDS_H

#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/setting_group.h"
#include "daemon/http/json.h"
#include "daemon/http/options.h"

// Groups of settings between the store and JSON. A body that comes here has passed its schema.
namespace twinlock::http {

// What stands for a secret, in answers and in what is sent back (§1.10 of the contract).
inline constexpr std::string_view kMask = "********";

// The fields of a body: what is null isn't there.
[[nodiscard]] SettingFields fields_of(const Json& body);

// What PUT makes of `stored`: the fields sent and no others. A secret of `secrets` that is the mask
// stays what it was.
[[nodiscard]] SettingFields replaced(const SettingFields& stored,
                                     const Json& body,
                                     const std::vector<std::string>& secrets);

// What PATCH makes of it: the fields sent beside those that weren't; null takes one away.
[[nodiscard]] SettingFields merged(const SettingFields& stored,
                                   const Json& body,
                                   const std::vector<std::string>& secrets);

// As an answer has them, secrets by the switch.
[[nodiscard]] Json view(const SettingFields& fields,
                        const std::vector<std::string>& secrets,
                        ProviderSecrets shown);

// Of `fields`, those that `body` names: "the fields sent".
[[nodiscard]] SettingFields only_sent(const SettingFields& fields, const Json& body);

[[nodiscard]] SettingFields without(SettingFields fields, const std::vector<std::string>& names);

}  // namespace twinlock::http

#endif
