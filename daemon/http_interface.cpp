// SPDX-License-Identifier: MIT
#include "daemon/http_interface.h"

#include <iterator>
#include <utility>
#include <vector>

namespace twinlock {

HttpInterface::HttpInterface(Core& core, const Settings& settings)
    : core_(core),
      health_(*core.store),
      server_(make_router(), nullptr, {core.clock, core.log, core.random}, settings.http) {}

// Every folder of endpoints adds its rows here.
http::Router HttpInterface::make_router() {
  std::vector<http::Route> all;
  const auto add = [&all](std::vector<http::Route> routes) {
    all.insert(
        all.end(), std::make_move_iterator(routes.begin()), std::make_move_iterator(routes.end()));
  };
  add(health_.routes());
  return http::Router(std::move(all));
}

Interface::End HttpInterface::run(const Ending& ending) {
  server_.run(ending);
  return End::Asked;
}

void HttpInterface::stop(const Ending& ending) {
  ending("the loops of the HTTP listener");
  server_.stop();
}

// A certificate that is no good leaves the one in use, and everything else of the table (S147).
void HttpInterface::configure(const Settings& fresh) {
  if (const auto taken = server_.configure(fresh.http); !taken) {
    core_.log.problem(Severity::Alert, "http", taken.error().detail);
  }
}

std::vector<Pulse> HttpInterface::pulses() const {
  return {{.loop = "the HTTP listener",
           .rounds = server_.rounds(),
           .may_pause = "REST and pages are not answered, something holds their loop up; logins on "
                        "this host go on. A restart ends it"}};
}

}  // namespace twinlock
