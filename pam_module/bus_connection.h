// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_BUS_CONNECTION_H
#define TWINLOCK_PAM_MODULE_BUS_CONNECTION_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "pam_module/bus_message.h"
#include "pam_module/clock.h"
#include "pam_module/method_call.h"

namespace twinlock::pam {

// Who answers for the bus itself, and its interface.
inline constexpr std::string_view kBusItself = "org.freedesktop.DBus";

// What an address that this takes begins with. Of all that a D-Bus address can be, only a socket
// of this machine: unixexec: would start a process (S06), tcp: would ask the network.
inline constexpr std::string_view kBusAddress = "unix:path=/";

// A connection to the message bus for a few method calls, with a deadline for everything. It is
// the module's own: a client library would bring seven others into every sshd and sudo. It starts
// no thread, looks at no environment, accepts no descriptors and no calls.
//
// Calls are posted and their replies awaited in the same order; what is posted goes out with the
// first reply that is awaited, so that several questions cost one round trip.
//
// After the first failure nothing more happens, so that a caller may ask for it once: NotFound if
// there is no bus, Unavailable if it went away (the same call may work in a moment), Internal for
// all else. std::bad_alloc is thrown.
class BusConnection {
 public:
  // Connects to `address`, which begins with kBusAddress, and posts the greeting ("D-Bus
  // Specification", Authentication Protocol): EXTERNAL, for which the bus asks the kernel who we
  // are, and Hello.
  explicit BusConnection(const std::string& address);
  BusConnection(const BusConnection&) = delete;
  BusConnection& operator=(const BusConnection&) = delete;
  ~BusConnection();

  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  // Waits until the bus has let us in; returns its id, another one after a restart of the bus.
  [[nodiscard]] std::string greet(TimePoint deadline);

  // Returns the serial to await the reply by.
  std::uint32_t post(MethodCall& call);

  // The reply to the call `serial`, which must come from `sender` as the bus states it; an error,
  // with its name, from there or from the bus itself.
  [[nodiscard]] BusMessage await(std::uint32_t serial, std::string_view sender, TimePoint deadline);

 private:
  // The other one delegates to it, so that what throws there leaves nothing open (S07).
  BusConnection() = default;
  void fail(ErrorCode code, const std::string& what);
  void fail_with_errno(const char* what);
  void put(std::span<const std::uint8_t> bytes);
  void flush(TimePoint deadline);
  void receive(TimePoint deadline);
  void wait(short events, TimePoint deadline);
  std::string next_line(TimePoint deadline);
  BusMessage next_message(TimePoint deadline);

  std::optional<Error> failure_;
  int fd_ = -1;
  std::uint32_t last_serial_ = 0;
  Secret output_{2 * MethodCall::kMaxSize};  // it may hold an answer (S19)
  std::size_t unsent_ = 0;
  std::vector<std::uint8_t> input_;
  std::size_t to_pass_over_ = 0;  // of what comes next
};

}  // namespace twinlock::pam

#endif
