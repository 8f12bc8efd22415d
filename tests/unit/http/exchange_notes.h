// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_HTTP_EXCHANGE_NOTES_H
#define TWINLOCK_TESTS_UNIT_HTTP_EXCHANGE_NOTES_H

#include "daemon/http/message.h"
#include "daemon/http/router.h"

// What the tests ask and are answered, for check_openapi.py: a JSON object a line, in the file that
// TWINLOCK_EXCHANGES names; nowhere without it.
namespace twinlock::http {

void note_routes(const std::vector<Route>& routes);
void note_exchange(const Request& request, const Route& route, const Response& response);

}  // namespace twinlock::http

#endif
