// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_CODE_SETTINGS_H
#define TWINLOCK_DAEMON_HTTP_CODE_SETTINGS_H

#include "daemon/domain/setting_group.h"
#include "daemon/http/json.h"
#include "daemon/http/schema.h"

// Length and life of codes that are sent (G23-G26), as they were set. What is used of them is never
// weaker than the domain's limits allow.
namespace twinlock::http {

[[nodiscard]] const Schema& code_settings_schema();
// With the defaults of what was never set: 6 digits, 300 seconds.
[[nodiscard]] Json code_settings_view(const SettingFields& fields);

}  // namespace twinlock::http

#endif
