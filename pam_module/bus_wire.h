// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_BUS_WIRE_H
#define TWINLOCK_PAM_MODULE_BUS_WIRE_H

#include <bit>
#include <cstddef>
#include <cstdint>

// The numbers of D-Bus messages ("D-Bus Specification", Message Protocol), as far as a login
// needs them.
namespace twinlock::pam::bus_wire {

// Everybody on the system bus runs on this machine.
inline constexpr std::uint8_t kByteOrder = std::endian::native == std::endian::little ? 'l' : 'B';
inline constexpr std::uint8_t kVersion = 1;

enum Type : std::uint8_t { kMethodCall = 1, kMethodReturn = 2, kErrorReply = 3 };

// Header fields.
enum Field : std::uint8_t {
  kPath = 1,
  kInterface,
  kMember,
  kErrorName,
  kReplySerial,
  kDestination,
  kSender,
  kSignature
};

// Where the fixed part of a header has its lengths and its serial; the fields come after it.
inline constexpr std::size_t kBodyLength = 4;
inline constexpr std::size_t kSerial = 8;
inline constexpr std::size_t kFieldsLength = 12;
inline constexpr std::size_t kFixedHeader = 16;

}  // namespace twinlock::pam::bus_wire

#endif
