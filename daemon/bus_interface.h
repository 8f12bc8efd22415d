// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_BUS_INTERFACE_H
#define TWINLOCK_DAEMON_BUS_INTERFACE_H

#include "daemon/core.h"
#include "daemon/dbus/bus_server.h"
#include "daemon/interface.h"

namespace twinlock {

// The system bus: logins, users' own calls, root's.
class BusInterface final : public Interface {
 public:
  BusInterface(Core& core, const Settings& settings);

  [[nodiscard]] const char* name() const override { return "the bus"; }
  [[nodiscard]] Status open() override { return server_.open(); }
  [[nodiscard]] ExitCode unusable() const override { return ExitCode::BusUnusable; }
  End run(const Ending& ending) override;
  [[nodiscard]] ExitCode lost() const override { return ExitCode::BusLost; }
  void stop(const Ending& ending) override;
  void configure(const Settings& fresh) override { server_.configure(fresh.calls); }
  [[nodiscard]] std::vector<Pulse> pulses() const override;

 private:
  dbus::BusServer server_;
};

}  // namespace twinlock

#endif
