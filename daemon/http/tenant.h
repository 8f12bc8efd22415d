// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_TENANT_H
#define TWINLOCK_DAEMON_HTTP_TENANT_H

#include "common/result.h"
#include "daemon/domain/setting_groups.h"
#include "daemon/http/json.h"
#include "daemon/http/method_view.h"

// The tenant's document (§4.2 of the contract): what is known of it has a default, what isn't is
// kept as it was sent.
namespace twinlock::http {

// The whole document, as A04 answers it.
[[nodiscard]] Json tenant_of(const SettingFields& stored);

// `stored` with `changes` merged in: at the first level, and within "flags"; null takes away.
// InvalidInput if it would become too long.
[[nodiscard]] Result<SettingFields> changed_tenant(const SettingFields& stored,
                                                   const Json& changes);

// How methods are shown: numbers and addresses in clear or not (§1.9 of the contract), and by which
// channels phones are reached (G09).
[[nodiscard]] Result<MethodPresentation> method_presentation(SettingGroups& groups);

}  // namespace twinlock::http

#endif
