// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_BUS_MESSAGE_H
#define TWINLOCK_PAM_MODULE_BUS_MESSAGE_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace twinlock::pam {

// A message that came from the bus, as far as a caller of methods looks at it.
struct BusMessage {
  std::uint8_t type = 0;           // bus_wire::Type
  std::uint32_t reply_serial = 0;  // 0 if it answers nothing
  std::string sender;              // as the bus states it
  std::string error_name;          // not empty if it is an error
  std::string signature;           // of the body
  std::vector<std::uint8_t> body;
};

// Far more than any step needs (login_wire.h); dbus-daemon would pass on 128 MB.
inline constexpr std::size_t kMaxMessage = 65536;

// How many bytes the message has that begins with `start`, of which bus_wire::kFixedHeader are
// needed; 0 if that is more than kMaxMessage, or it is in another byte order or version.
[[nodiscard]] std::size_t message_size(std::span<const std::uint8_t> start);

// Takes a whole message apart: as many bytes as message_size() said. Unknown header fields are
// passed over, as the specification wants it. Nothing if it isn't well formed.
[[nodiscard]] std::optional<BusMessage> parse_message(std::span<const std::uint8_t> bytes);

}  // namespace twinlock::pam

#endif
