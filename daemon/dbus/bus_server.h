// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_BUS_SERVER_H
#define TWINLOCK_DAEMON_DBUS_BUS_SERVER_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "common/result.h"
#include "daemon/dbus/call_gate.h"
#include "daemon/domain/administration.h"
#include "daemon/domain/conversation_engine.h"
#include "daemon/domain/enrollment.h"
#include "daemon/ports/account_directory.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/event_log.h"
#include "daemon/ports/store.h"

namespace twinlock::dbus {

// What the interfaces on the bus are made of. All of it outlives the server.
struct Services {
  ConversationEngine& engine;
  Enrollment& enrollment;
  Administration& administration;
  AuditStore& audit;
  AccountDirectory& directory;
  Clock& clock;
  EventLog& log;
  std::string version;
  WallTime started;
};

// The daemon on the system bus: connection, name, objects, and the thread that reads calls. That
// thread only finds out who calls; everything else happens on workers (S47).
class BusServer {
 public:
  enum class End { Stopped, BusLost };

  BusServer(const Services& services, const GateLimits& limits);
  BusServer(const BusServer&) = delete;
  BusServer& operator=(const BusServer&) = delete;
  ~BusServer();

  // Connects, offers the objects and takes the name. `address` names another bus than the system's
  // (for tests). Nothing has been answered yet.
  [[nodiscard]] Status open(const std::string& address);

  // Serves calls on this thread until stop() or until the bus is gone; then finishes the calls that
  // have been accepted, and returns.
  End run();

  // From any thread or signal handler; run() returns soon.
  void stop();

  void configure(const GateLimits& limits);

  // How often the loop has come round; it does at least once a second. For the watchdog.
  [[nodiscard]] std::uint64_t rounds() const { return rounds_; }

 private:
  struct Parts;

  End serve();

  Services services_;
  std::unique_ptr<Parts> parts_;
  std::atomic<std::uint64_t> rounds_{0};
  int wake_;  // an eventfd that ends the wait of run()
};

}  // namespace twinlock::dbus

#endif
