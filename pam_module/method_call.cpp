// SPDX-License-Identifier: MIT
#include "pam_module/method_call.h"

#include <array>
#include <cstring>

#include "common/encoding.h"
#include "pam_module/bus_message.h"

namespace twinlock::pam {

MethodCall::MethodCall(const Method& method) {
  const std::array start{
      bus_wire::kByteOrder, std::uint8_t{bus_wire::Call}, std::uint8_t{0}, bus_wire::kVersion};
  put(start.data(), start.size());
  size_ = bus_wire::kFixedHeader;
  add_field(bus_wire::Path, 'o', method.path);
  add_field(bus_wire::Interface, 's', method.interface);
  add_field(bus_wire::Member, 's', method.member);
  add_field(bus_wire::To, 's', method.destination);
  add_field(bus_wire::Signature, 'g', method.signature);
  put_number(bus_wire::kFieldsLength, size_ - bus_wire::kFixedHeader);
  pad(8);
  body_ = size_;
}

void MethodCall::add(std::string_view text) {
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) broken_ = true;
  add(static_cast<std::uint32_t>(text.size()));
  put(text.data(), text.size());
  put("", 1);
}

void MethodCall::add(std::uint32_t number) {
  pad(sizeof number);
  put(&number, sizeof number);
}

void MethodCall::add(std::span<const std::uint8_t> bytes) {
  add(static_cast<std::uint32_t>(bytes.size()));
  put(bytes.data(), bytes.size());
}

std::span<const std::uint8_t> MethodCall::sealed(std::uint32_t serial) {
  put_number(bus_wire::kBodyLength, size_ - body_);
  put_number(bus_wire::kSerial, serial);
  return buffer_.bytes().first(broken_ ? 0 : size_);
}

void MethodCall::add_field(std::uint8_t code, char type, std::string_view value) {
  pad(8);
  put(&code, sizeof code);
  add_signature({&type, 1});
  type == 'g' ? add_signature(value) : add(value);
}

void MethodCall::add_signature(std::string_view signature) {
  const auto size = static_cast<std::uint8_t>(signature.size());
  put(&size, sizeof size);
  put(signature.data(), signature.size());
  put("", 1);
}

void MethodCall::pad(std::size_t boundary) {
  while (!broken_ && size_ % boundary != 0) put("", 1);
}

void MethodCall::put(const void* bytes, std::size_t size) {
  if (size > kMaxSize - size_) broken_ = true;
  if (broken_ || size == 0) return;
  std::memcpy(buffer_.bytes().data() + size_, bytes, size);
  size_ += size;
}

void MethodCall::put_number(std::size_t position, std::size_t number) {
  const auto value = static_cast<std::uint32_t>(number);
  std::memcpy(buffer_.bytes().data() + position, &value, sizeof value);
}

}  // namespace twinlock::pam
