// SPDX-License-Identifier: MIT
#include "tests/unit/http/exchange_notes.h"

#include <cstdlib>
#include <fstream>

#include "daemon/http/json.h"

namespace twinlock::http {
namespace {

void note(const Json& record) {
  const char* file = std::getenv("TWINLOCK_EXCHANGES");
  if (file == nullptr) return;
  std::ofstream(file, std::ios::app) << json_text(record) << '\n';
}

}  // namespace

void note_routes(const std::vector<Route>& routes) {
  auto list = Json::array();
  for (const auto& route : routes) {
    list.push_back({{"id", route.id},
                    {"method", method_name(route.method)},
                    {"pattern", route.pattern},
                    {"scopes", route.scopes}});
  }
  note({{"routes", list}});
}

void note_exchange(const Request& request, const Route& route, const Response& response) {
  note({{"method", method_name(request.method)},
        {"pattern", route.pattern},
        {"body", request.body},
        {"status", response.status},
        {"answer", response.body}});
}

}  // namespace twinlock::http
