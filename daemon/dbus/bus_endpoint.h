// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_BUS_ENDPOINT_H
#define TWINLOCK_DAEMON_DBUS_BUS_ENDPOINT_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "daemon/dbus/services.h"
#include "daemon/dbus/work_queue.h"

namespace twinlock::dbus {

// One name of the daemon on the bus: a connection, the objects on it, and the loop that reads its
// calls. The bus keeps a queue for each connection, so that what waits at one name delays nobody
// who calls another.
class BusEndpoint {
 public:
  enum class End { Stopped, BusLost };

  // Both outlive it. `stop` is a descriptor that becomes readable when the loop has to end.
  BusEndpoint(Services services, WorkQueue& queue, int stop);
  BusEndpoint(const BusEndpoint&) = delete;
  BusEndpoint& operator=(const BusEndpoint&) = delete;
  // No call of it is queued or runs any more (WorkQueue::drain()).
  ~BusEndpoint();

  // Connects to the system bus, offers the objects and takes `name`. Throws sdbus::Error.
  void open(const std::string& name);

  // Serves calls on this thread until `stop` is readable or the bus is gone.
  End serve();

  // How often the loop has come round; it does at least once a second.
  [[nodiscard]] std::uint64_t rounds() const { return rounds_; }

 private:
  struct Parts;

  // Whether there may be more to read.
  bool read_some();

  Services services_;
  WorkQueue& queue_;
  const int stop_;
  std::unique_ptr<Parts> parts_;
  std::atomic<std::uint64_t> rounds_{0};
};

}  // namespace twinlock::dbus

#endif
