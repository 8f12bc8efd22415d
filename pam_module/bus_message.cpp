// SPDX-License-Identifier: MIT
#include "pam_module/bus_message.h"

#include <cstring>
#include <string_view>

#include "common/encoding.h"
#include "pam_module/wire_reader.h"

namespace twinlock::pam {
namespace {

constexpr std::size_t kMaxName = 255;  // "D-Bus Specification", Valid Names

// A number or a text; no field of a reply is anything else.
void read_field(WireReader& reader, BusMessage& message) {
  reader.align(8);
  const auto code = reader.byte();
  const auto type = reader.signature();
  if (type == "u") {
    const auto number = reader.number();
    if (code == bus_wire::Reply) message.reply_serial = number;
    return;
  }
  if (type != "s" && type != "o" && type != "g") reader.fail();
  const auto text = type == "g" ? reader.signature() : reader.text();
  if (code == bus_wire::From && type == "s") message.sender = text;
  if (code == bus_wire::Error && type == "s") message.error_name = printable(text, kMaxName);
  if (code == bus_wire::Signature && type == "g") message.signature = text;
}

}  // namespace

std::size_t message_size(std::span<const std::uint8_t> start) {
  constexpr std::size_t kLongest = std::size_t{1} << 27U;  // "D-Bus Specification": 128 MiB
  if (start.size() < bus_wire::kFixedHeader || start[3] != bus_wire::kVersion) return 0;
  if (start[0] != 'l' && start[0] != 'B') return 0;
  const auto length_at = [start](std::size_t position) {
    std::uint32_t number = 0;
    std::memcpy(&number, &start[position], sizeof number);
    return std::size_t{start[0] == bus_wire::kByteOrder ? number : __builtin_bswap32(number)};
  };
  const auto fields = length_at(bus_wire::kFieldsLength);
  const auto body = length_at(bus_wire::kBodyLength);
  if (fields > kLongest || body > kLongest) return 0;
  return bus_wire::kFixedHeader + (fields + 7) / 8 * 8 + body;
}

std::optional<BusMessage> parse_reply(std::span<const std::uint8_t> bytes) {
  if (bytes.empty() || bytes.size() > kMaxMessage || message_size(bytes) != bytes.size() ||
      bytes[0] != bus_wire::kByteOrder) {
    return std::nullopt;
  }
  WireReader reader(bytes);
  BusMessage message;
  reader.skip(1);
  message.type = reader.byte();
  reader.skip(bus_wire::kFieldsLength - 2);
  const auto end = reader.array_end(8);
  while (!reader.failed() && reader.position() < end) read_field(reader, message);
  const bool is_error = message.type == bus_wire::Failure;
  if (reader.failed() || reader.position() != end || is_error == message.error_name.empty()) {
    return std::nullopt;
  }
  reader.align(8);
  const auto body = bytes.subspan(reader.position());
  message.body.assign(body.begin(), body.end());
  return message;
}

}  // namespace twinlock::pam
