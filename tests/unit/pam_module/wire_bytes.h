// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_PAM_MODULE_WIRE_BYTES_H
#define TWINLOCK_TESTS_UNIT_PAM_MODULE_WIRE_BYTES_H

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "pam_module/bus_message.h"

namespace twinlock::test {

using Bytes = std::vector<std::uint8_t>;

// Writes D-Bus values as the other side of the bus would; what it writes need not be right.
class WireBytes {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(value); }
  void align(std::size_t boundary) {
    while (bytes_.size() % boundary != 0) byte(0);
  }
  void number(std::uint32_t value) {
    align(4);
    raw(std::string_view(reinterpret_cast<const char*>(&value), sizeof value));
  }
  void raw(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void text(std::string_view text) {
    number(static_cast<std::uint32_t>(text.size()));
    raw(text);
    byte(0);
  }
  void signature(std::string_view signature) {
    byte(static_cast<std::uint8_t>(signature.size()));
    raw(signature);
    byte(0);
  }
  void bytes(const Bytes& value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
  }
  // Begins an array; what comes until end_array() is in it.
  [[nodiscard]] std::size_t begin_array(std::size_t boundary) {
    number(0);
    align(boundary);
    return bytes_.size();
  }
  void end_array(std::size_t begin, std::size_t length_at, bool swapped = false) {
    auto size = static_cast<std::uint32_t>(bytes_.size() - begin);
    if (swapped) size = __builtin_bswap32(size);
    std::memcpy(bytes_.data() + length_at, &size, sizeof size);
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const Bytes& written() const { return bytes_; }

 private:
  Bytes bytes_;
};

// A reply as the bus passes it on; a test spoils one thing.
struct WireMessage {
  std::uint8_t order = pam::bus_wire::kByteOrder;
  std::uint8_t type = pam::bus_wire::Return;
  std::uint8_t version = pam::bus_wire::kVersion;
  std::uint32_t reply_serial = 1;
  std::string sender = "org.freedesktop.DBus";
  std::string error_name = {};
  std::string signature = {};
  Bytes more_fields = {};  // put in front of the others
  Bytes body = {};

  [[nodiscard]] Bytes bytes() const {
    WireBytes out;
    for (const auto value : {order, type, std::uint8_t{1}, version}) out.byte(value);
    out.number(in_order(static_cast<std::uint32_t>(body.size())));
    out.number(7);  // its own serial
    const auto length_at = out.size();
    const auto fields = out.begin_array(8);
    out.raw({reinterpret_cast<const char*>(more_fields.data()), more_fields.size()});
    field(out, pam::bus_wire::Reply, "u");
    out.number(reply_serial);
    text_field(out, pam::bus_wire::From, sender);
    if (!error_name.empty()) text_field(out, pam::bus_wire::Error, error_name);
    if (!signature.empty()) {
      field(out, pam::bus_wire::Signature, "g");
      out.signature(signature);
    }
    out.end_array(fields, length_at, order != pam::bus_wire::kByteOrder);
    out.align(8);
    out.raw({reinterpret_cast<const char*>(body.data()), body.size()});
    return out.written();
  }

  // A length, as `order` has it; the fields themselves stay as they are.
  [[nodiscard]] std::uint32_t in_order(std::uint32_t number) const {
    return order == pam::bus_wire::kByteOrder ? number : __builtin_bswap32(number);
  }

  static void field(WireBytes& out, std::uint8_t code, std::string_view type) {
    out.align(8);
    out.byte(code);
    out.signature(type);
  }
  static void text_field(WireBytes& out, std::uint8_t code, std::string_view text) {
    field(out, code, "s");
    out.text(text);
  }
};

}  // namespace twinlock::test

#endif
