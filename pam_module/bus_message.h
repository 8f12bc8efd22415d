// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_BUS_MESSAGE_H
#define TWINLOCK_PAM_MODULE_BUS_MESSAGE_H

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace twinlock::pam {

// The numbers of messages ("D-Bus Specification", Message Protocol), as far as a login needs them.
namespace bus_wire {

inline constexpr std::uint8_t kByteOrder = std::endian::native == std::endian::little ? 'l' : 'B';
inline constexpr std::uint8_t kVersion = 1;

enum Type : std::uint8_t { Call = 1, Return = 2, Failure = 3 };

// Header fields; To and From are the specification's DESTINATION and SENDER.
enum Field : std::uint8_t { Path = 1, Interface, Member, Error, Reply, To, From, Signature };

// Where the fixed part of a header has its lengths and its serial; the fields come after it.
inline constexpr std::size_t kBodyLength = 4;
inline constexpr std::size_t kSerial = 8;
inline constexpr std::size_t kFieldsLength = 12;
inline constexpr std::size_t kFixedHeader = 16;

}  // namespace bus_wire

// A reply that came from the bus.
struct BusMessage {
  std::uint8_t type = 0;           // bus_wire::Return or bus_wire::Failure
  std::uint32_t reply_serial = 0;  // 0 if it answers nothing
  std::string sender;              // as the bus states it
  std::string error_name;          // not empty if it is an error
  std::string signature;           // of the body
  std::vector<std::uint8_t> body;
};

// Far more than any step needs (login_wire.h); dbus-daemon would pass on 128 MB.
inline constexpr std::size_t kMaxMessage = 65536;

// How many bytes the message has that begins with `start`, of which bus_wire::kFixedHeader are
// needed, in whichever byte order; 0 if no bus would pass such a message on.
[[nodiscard]] std::size_t message_size(std::span<const std::uint8_t> start);

// Takes a whole reply apart: as many bytes as message_size() said. Unknown header fields that are
// numbers or texts are passed over. Nothing if it isn't well formed, in this machine's byte order
// (everybody on the system bus runs here) and of kMaxMessage at most.
[[nodiscard]] std::optional<BusMessage> parse_reply(std::span<const std::uint8_t> bytes);

}  // namespace twinlock::pam

#endif
