// SPDX-License-Identifier: MIT
#include "pam_module/wire_reader.h"

#include <cstring>

#include "common/encoding.h"

namespace twinlock::pam {

std::uint8_t WireReader::byte() {
  const auto taken = take(1);
  return taken.empty() ? std::uint8_t{0} : taken.front();
}

std::uint32_t WireReader::number() {
  std::uint32_t number = 0;
  align(sizeof number);
  const auto taken = take(sizeof number);
  if (!taken.empty()) std::memcpy(&number, taken.data(), sizeof number);
  return number;
}

std::string_view WireReader::text() { return take_text(number()); }

std::string_view WireReader::signature() { return take_text(byte()); }

std::span<const std::uint8_t> WireReader::bytes() { return take(number()); }

std::size_t WireReader::array_end(std::size_t boundary) {
  const std::size_t size = number();
  align(boundary);
  if (size > bytes_.size() - position_) fail();
  return failed_ ? position_ : position_ + size;
}

void WireReader::align(std::size_t boundary) { skip((boundary - position_ % boundary) % boundary); }

std::span<const std::uint8_t> WireReader::take(std::size_t size) {
  if (size > bytes_.size() - position_) fail();
  if (failed_) return {};
  position_ += size;
  return bytes_.subspan(position_ - size, size);
}

std::string_view WireReader::take_text(std::size_t size) {
  const auto taken = take(size);
  const std::string_view text(reinterpret_cast<const char*>(taken.data()), taken.size());
  if (byte() != 0 || text.find('\0') != std::string_view::npos || !is_utf8(text)) fail();
  return failed_ ? std::string_view() : text;
}

}  // namespace twinlock::pam
