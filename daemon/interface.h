// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_INTERFACE_H
#define TWINLOCK_DAEMON_INTERFACE_H

#include <functional>
#include <vector>

#include "common/result.h"
#include "daemon/application.h"
#include "daemon/settings.h"
#include "daemon/watchdog.h"

namespace twinlock {

// One way into the daemon: the bus, or HTTP. The application opens those that were asked for and
// runs each on a thread of its own; the end of one is the end of all.
//
// To add one: a class here, on top of an adapter's server (daemon/dbus, daemon/http), made by
// make_interfaces() in application.cpp out of what core.h holds.
class Interface {
 public:
  enum class End { Asked, Lost };
  // Hears what has to end next, before that is waited for (StopGuard::await()). Any thread.
  using Ending = std::function<void(const char* what)>;

  Interface() = default;
  Interface(const Interface&) = delete;
  Interface& operator=(const Interface&) = delete;
  virtual ~Interface() = default;

  // As a message has it: "the bus".
  [[nodiscard]] virtual const char* name() const = 0;

  // Takes its place, so that callers find it. Nothing has been answered yet. An error says what to
  // do, and the daemon ends with `unusable()`.
  [[nodiscard]] virtual Status open() = 0;
  [[nodiscard]] virtual ExitCode unusable() const = 0;

  // Answers calls until stop(), or until it can't any more; finishes those it has accepted, and
  // returns.
  virtual End run(const Ending& ending) = 0;
  // How the daemon ends where run() has returned End::Lost (S45).
  [[nodiscard]] virtual ExitCode lost() const = 0;

  // From any thread, also before run() is called; run() returns soon. `ending` as in run().
  virtual void stop(const Ending& ending) = 0;

  // After a reload, on the thread that waits for signals, while run() runs.
  virtual void configure(const Settings& fresh) = 0;

  // Its loops, for the watchdog. Any thread.
  [[nodiscard]] virtual std::vector<Pulse> pulses() const = 0;
};

}  // namespace twinlock

#endif
