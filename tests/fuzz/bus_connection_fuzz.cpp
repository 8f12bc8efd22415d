// SPDX-License-Identifier: MIT
//
// A message bus that says anything from the first byte on, and hangs up: whatever it says, the
// module's connection comes to an end, and believes no reply that isn't the daemon's.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "pam_module/bus_connection.h"
#include "tests/unit/pam_module/listening_bus.h"
#include "tests/unit/pam_module/wire_bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using twinlock::test::WireMessage;
  static twinlock::test::ListeningBus bus;
  twinlock::pam::BusConnection connection(bus.address());
  if (connection.failure()) std::abort();
  bus.accept_one();
  const bool let_in = size > 0 && (data[0] & 1U) != 0;
  if (let_in) {  // most of what can go wrong comes after the greeting
    bus.say("OK 00112233445566778899aabbccddeeff\r\n");
    bus.say(WireMessage{}.bytes());
  }
  bus.say(std::span(data, std::min(size, std::size_t{60000})));
  bus.hang_up();

  const auto deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  static_cast<void>(connection.greet(deadline));
  const auto reply = connection.await(2, ":1.5", deadline);
  if (connection.failure()) return 0;
  const bool is_daemons = reply.sender == ":1.5" || !reply.error_name.empty();
  if (!is_daemons || reply.reply_serial != 2) std::abort();
  return 0;
}
