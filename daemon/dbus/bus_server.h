// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_BUS_SERVER_H
#define TWINLOCK_DAEMON_DBUS_BUS_SERVER_H

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "common/result.h"
#include "daemon/dbus/bus_endpoint.h"
#include "daemon/dbus/call_gate.h"
#include "daemon/dbus/services.h"
#include "daemon/dbus/work_queue.h"

namespace twinlock::dbus {

// Has every connection of this process go to the bus at `address` instead of the system's; nothing
// if it is empty. Before a second thread runs: it changes the environment.
void choose_bus(const std::string& address);

// The daemon on the system bus, under two names: one that anybody may call, and one that the bus
// keeps for root (config/dbus/), so that no user's flood stands in the queue before a login. Each
// has a thread that reads its calls and waits for nothing; all else happens on workers (S47).
class BusServer {
 public:
  using End = BusEndpoint::End;

  BusServer(const Services& services, const GateLimits& limits);
  BusServer(const BusServer&) = delete;
  BusServer& operator=(const BusServer&) = delete;
  ~BusServer();

  // Connects, offers the objects and takes the names. Nothing has been answered yet.
  [[nodiscard]] Status open();

  // Serves calls until stop() or until the bus is gone; then finishes the calls that have been
  // accepted, and returns. Hears the name of whatever has to end next, before that is waited for.
  End run(const std::function<void(const char* what)>& ending);

  // From any thread or signal handler; run() returns soon.
  void stop() const;

  void configure(const GateLimits& limits);

  // How often each loop has come round, root's first; it does at least once a second. For the
  // watchdog.
  [[nodiscard]] std::array<std::uint64_t, 2> rounds() const {
    return {for_root_.rounds(), for_anybody_.rounds()};
  }

 private:
  WorkQueue queue_;
  const int ending_;  // an eventfd that ends the waits of run()
  BusEndpoint for_root_;
  BusEndpoint for_anybody_;
};

}  // namespace twinlock::dbus

#endif
