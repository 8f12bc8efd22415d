// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_CALLER_H
#define TWINLOCK_DAEMON_DBUS_CALLER_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "daemon/dbus/sdbus_compat.h"
#include "daemon/domain/account.h"

namespace twinlock::dbus {

// Who calls, as the bus states it; nothing of it comes from the message's contents (S33).
struct Caller {
  Uid uid;                  // effective
  std::string bus_name;     // unique, for polkit
  bool allows_interaction;  // polkit may ask for a password
};

// Why nobody knows who calls.
enum class Unidentified {
  Gone,     // or the bus doesn't say (S34)
  TooMany,  // calls wait for the bus to say it
};

// Who is behind the connections that have called. The bus is asked once for each, since a unique
// name is never given to a second connection and a connection's uid never changes. Nobody waits for
// the answer: libsystemd would meanwhile read in everything that a flood has queued. All of it on
// the thread that serves `connection`.
class Callers {
 public:
  using Identified = std::variant<Caller, Unidentified>;
  // Called once, now or later, on the same thread; must not throw.
  using Then = std::function<void(const Identified& caller)>;

  explicit Callers(sdbus::IConnection& connection);

  // Tells `then` who makes the call that `object` handles right now. Calls of one connection are
  // told in their order.
  void identify(const sdbus::IObject& object, Then then);

  // The uid behind a unique name, if it is known by now; else the bus is asked for the next time.
  [[nodiscard]] std::optional<Uid> uid_of(const std::string& name);

 private:
  struct Waiting {
    bool allows_interaction;
    Then then;
  };

  void ask(const std::string& name);
  void learn(const std::string& name, std::optional<Uid> uid);

  std::unordered_map<std::string, Uid> known_;
  std::unordered_map<std::string, std::vector<Waiting>> asked_;  // of connections
  std::size_t waiting_ = 0;                                      // calls of all of them
  std::unique_ptr<sdbus::IProxy> bus_;  // last: its answers come to the others
};

}  // namespace twinlock::dbus

#endif
