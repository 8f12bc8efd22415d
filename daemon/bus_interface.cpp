// SPDX-License-Identifier: MIT
#include "daemon/bus_interface.h"

namespace twinlock {

BusInterface::BusInterface(Core& core, const Settings& settings)
    : server_({core.engine,
               core.enrollment,
               core.administration,
               core.api_access,
               core.users,
               *core.store,
               core.users_directory,
               core.clock,
               core.log,
               kVersion,
               core.started},
              settings.calls) {}

Interface::End BusInterface::run(const Ending& ending) {
  return server_.run(ending) == dbus::BusServer::End::BusLost ? End::Lost : End::Asked;
}

void BusInterface::stop(const Ending& ending) {
  ending("the loop of root's calls");
  server_.stop();
}

std::vector<Pulse> BusInterface::pulses() const {
  const auto [for_root, for_anybody] = server_.rounds();
  return {{.loop = "the bus, for root", .rounds = for_root, .may_pause = {}},
          {.loop = "the bus, for anybody",
           .rounds = for_anybody,
           .may_pause = "users' own calls are not answered, something holds their loop up; logins "
                        "go on. A restart ends it"}};
}

}  // namespace twinlock
