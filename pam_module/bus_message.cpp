// SPDX-License-Identifier: MIT
#include "pam_module/bus_message.h"

#include <string_view>

#include "common/encoding.h"
#include "pam_module/bus_wire.h"
#include "pam_module/wire_reader.h"

namespace twinlock::pam {
namespace {

constexpr std::size_t kMaxName = 255;  // "D-Bus Specification", Valid Names

// A number or a text; no field is anything else.
void read_field(WireReader& reader, BusMessage& message) {
  reader.align(8);
  const auto code = reader.byte();
  const auto type = reader.signature();
  if (type == "u") {
    const auto number = reader.number();
    if (code == bus_wire::kReplySerial) message.reply_serial = number;
    return;
  }
  if (type != "s" && type != "o" && type != "g") reader.fail();
  const auto text = type == "g" ? reader.signature() : reader.text();
  if (code == bus_wire::kSender && type == "s") message.sender = text;
  if (code == bus_wire::kErrorName && type == "s") message.error_name = printable(text, kMaxName);
  if (code == bus_wire::kSignature && type == "g") message.signature = text;
}

}  // namespace

std::size_t message_size(std::span<const std::uint8_t> start) {
  WireReader reader(start);
  const bool native = reader.byte() == bus_wire::kByteOrder;
  reader.skip(2);
  const bool known = reader.byte() == bus_wire::kVersion;
  const std::size_t body = reader.number();
  reader.skip(sizeof(std::uint32_t));
  const std::size_t fields = reader.number();
  if (reader.failed() || !native || !known || fields > kMaxMessage || body > kMaxMessage) return 0;
  const auto size = bus_wire::kFixedHeader + (fields + 7) / 8 * 8 + body;
  return size <= kMaxMessage ? size : 0;
}

std::optional<BusMessage> parse_message(std::span<const std::uint8_t> bytes) {
  const auto size = message_size(bytes);
  if (size == 0 || size != bytes.size()) return std::nullopt;
  WireReader reader(bytes);
  BusMessage message;
  reader.skip(1);
  message.type = reader.byte();
  reader.skip(bus_wire::kFieldsLength - 2);
  const auto end = reader.array_end(8);
  while (!reader.failed() && reader.position() < end) read_field(reader, message);
  const bool is_error = message.type == bus_wire::kErrorReply;
  if (reader.failed() || reader.position() != end || is_error == message.error_name.empty()) {
    return std::nullopt;
  }
  reader.align(8);
  const auto body = bytes.subspan(reader.position());
  message.body.assign(body.begin(), body.end());
  return message;
}

}  // namespace twinlock::pam
