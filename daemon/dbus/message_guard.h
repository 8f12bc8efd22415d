// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_MESSAGE_GUARD_H
#define TWINLOCK_DAEMON_DBUS_MESSAGE_GUARD_H

#include <systemd/sd-bus.h>

#include <map>
#include <string>

#include "daemon/dbus/caller.h"
#include "daemon/dbus/token_bucket.h"
#include "daemon/ports/event_log.h"

namespace twinlock::dbus {

// Sees each message before a library unpacks it, or answers it by itself: what is not a method's
// call (an unknown path or method, introspection, arguments of other types) never comes to a
// WorkQueue and its limits. Refuses what is too large before each byte of it is taken apart, and
// has what comes too often, or while nobody reads our answers, fall without one: an answer that
// isn't read stays in our memory (S38, S39, S141). On the thread that serves the connection.
class MessageGuard {
 public:
  // For each uid but root, from all of its connections, or for one connection while the bus hasn't
  // told its uid. Far above what WorkQueue accepts, so that everybody reads why a call was refused.
  static constexpr Rate kAnswered{200, 400};

  // Looks at what `connection` receives, for as long as the guard lives.
  MessageGuard(sdbus::IConnection& connection, Callers& callers, EventLog& log);
  MessageGuard(const MessageGuard&) = delete;
  MessageGuard& operator=(const MessageGuard&) = delete;
  ~MessageGuard() { sd_bus_slot_unref(slot_); }

 private:
  // A sd_bus_message_handler_t: 1 if the message needs nobody any more, 0 to go on with it.
  static int look_at(sd_bus_message* message, void* guard, sd_bus_error* error);

  int judge(sd_bus_message* message);
  [[nodiscard]] bool is_congested(sd_bus_message* message);
  [[nodiscard]] bool comes_too_often(const std::string& sender);

  Callers& callers_;
  EventLog& log_;
  std::map<std::string, TokenBucket> buckets_;  // by uid, or by name while that is unknown
  bool congested_ = false;
  sd_bus_slot* slot_ = nullptr;
};

}  // namespace twinlock::dbus

#endif
