// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_DESCRIPTION_ENDPOINT_H
#define TWINLOCK_DAEMON_HTTP_DESCRIPTION_ENDPOINT_H

#include "daemon/http/router.h"

namespace twinlock::http {

// GET /openapi.json: docs/openapi.json, as it was when we were built. For anybody: it says what is
// served, and nothing of whom.
[[nodiscard]] Route description_route();

}  // namespace twinlock::http

#endif
