// SPDX-License-Identifier: MIT
#include "common/encoding.h"

#include <array>
#include <cstddef>

namespace twinlock {
namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBase64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";

// Encodes groups of `bits` bits, most significant first, the last one filled with zeros.
std::string encode(std::span<const std::uint8_t> bytes, std::string_view alphabet, unsigned bits) {
  std::string text;
  text.reserve((bytes.size() * 8 + bits - 1) / bits);
  std::uint32_t pending = 0;
  unsigned count = 0;
  for (const auto byte : bytes) {
    pending = (pending << 8U) | byte;
    count += 8;
    while (count >= bits) {
      count -= bits;
      text += alphabet[(pending >> count) & ((1U << bits) - 1)];
    }
  }
  if (count > 0) text += alphabet[(pending << (bits - count)) & ((1U << bits) - 1)];
  return text;
}

int base32_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= '2' && c <= '7') return c - '2' + 26;
  return -1;
}

int base64url_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  if (c == '_') return 63;
  return -1;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Collects groups of `Bits` bits into bytes; tells whether what is left over is legal.
template <unsigned Bits>
class BitReader {
 public:
  // Returns the next whole byte, if this group completes one.
  std::optional<std::uint8_t> push(int value) {
    pending_ = (pending_ << Bits) | static_cast<std::uint32_t>(value);
    count_ += Bits;
    if (count_ < 8) return std::nullopt;
    count_ -= 8;
    return static_cast<std::uint8_t>(pending_ >> count_);
  }
  // Fewer than one group of filling, all zero: otherwise two texts would mean the same bytes.
  [[nodiscard]] bool is_canonical() const {
    return count_ < Bits && (pending_ & ((1U << count_) - 1)) == 0;
  }

 private:
  std::uint32_t pending_ = 0;
  unsigned count_ = 0;
};

struct CodePoint {
  char32_t value;
  std::size_t length;  // in bytes
};

// The well-formed code point that `text` starts with, if it does.
std::optional<CodePoint> first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  std::size_t length = 0;
  char32_t value = 0;
  char32_t least = 0;
  if ((lead & 0xE0U) == 0xC0) {
    length = 2, value = lead & 0x1FU, least = 0x80;
  } else if ((lead & 0xF0U) == 0xE0) {
    length = 3, value = lead & 0x0FU, least = 0x800;
  } else if ((lead & 0xF8U) == 0xF0) {
    length = 4, value = lead & 0x07U, least = 0x10000;
  } else {
    return std::nullopt;
  }
  if (text.size() < length) return std::nullopt;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return std::nullopt;
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
    return std::nullopt;
  }
  return CodePoint{value, length};
}

bool is_harmless(char32_t c, bool keep_newlines) {
  if (c == '\n') return keep_newlines;
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;
  if (c == 0x061C || c == 0x200E || c == 0x200F) return false;  // bidirectional marks
  if (c >= 0x2028 && c <= 0x202E) return false;  // line separators, embeddings, overrides
  return c < 0x2066 || c > 0x2069;               // isolates
}

std::string hex_digits(char32_t value, int count) {
  std::string digits;
  for (int place = count - 1; place >= 0; --place) {
    digits += kHex[(value >> (4U * static_cast<unsigned>(place))) & 0xFU];
  }
  return digits;
}

// One character, or a byte that is none, as escaped() spells it.
std::string spelled(std::string_view character, const std::optional<CodePoint>& point) {
  if (!point || point->value < 0x20 || point->value == 0x7F) {
    return "\\x" + hex_digits(static_cast<std::uint8_t>(character.front()), 2);
  }
  if (!is_harmless(point->value, false)) return "\\u" + hex_digits(point->value, 4);
  return character == "\\" ? "\\\\" : std::string(character);
}

}  // namespace

std::string base32_encode(std::span<const std::uint8_t> bytes) { return encode(bytes, kBase32, 5); }

std::optional<Secret> base32_decode(std::string_view text) {
  Secret bytes(text.size() * 5 / 8);
  BitReader<5> reader;
  std::size_t size = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = base32_value(c);
    if (value < 0 || padding > 0) return std::nullopt;
    ++digits;
    if (const auto byte = reader.push(value)) bytes.bytes()[size++] = *byte;
  }
  // RFC 4648 §6: the last group of a text has 2, 4, 5, 7 or 8 digits.
  const std::size_t tail = digits % 8;
  if (tail == 1 || tail == 3 || tail == 6 || !reader.is_canonical()) return std::nullopt;
  if (padding > 0 && (tail == 0 || padding != 8 - tail)) return std::nullopt;
  return Secret(bytes.bytes().first(size));
}

std::string base64url_encode(std::span<const std::uint8_t> bytes) {
  return encode(bytes, kBase64url, 6);
}

std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() * 6 / 8);
  BitReader<6> reader;
  for (const char c : text) {
    const int value = base64url_value(c);
    if (value < 0) return std::nullopt;
    if (const auto byte = reader.push(value)) bytes.push_back(*byte);
  }
  if (!reader.is_canonical()) return std::nullopt;
  return bytes;
}

std::string hex_encode(std::span<const std::uint8_t> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    text += kHex[byte >> 4U];
    text += kHex[byte & 0xFU];
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> hex_decode(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto point = first_code_point(text);
    if (!point) return false;
    text.remove_prefix(point->length);
  }
  return true;
}

std::size_t printable_length(std::string_view text) {
  const auto point = first_code_point(text);
  return point && is_harmless(point->value, false) ? point->length : 0;
}

std::string printable(std::string_view text, std::size_t max_bytes, bool keep_newlines) {
  std::string result;
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const std::size_t length = point ? point->length : 1;
    if (point && is_harmless(point->value, keep_newlines)) {
      if (result.size() + length > max_bytes) break;
      result += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return result;
}

bool is_printable(std::string_view text) { return printable(text, text.size()) == text; }

std::string escaped(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view kCut = "...";
  std::string result;
  std::size_t kept = 0;  // of `result`, in case that what follows doesn't fit
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const std::size_t length = point ? point->length : 1;
    result += spelled(text.substr(0, length), point);
    if (result.size() > max_bytes) return result.substr(0, kept) + std::string(kCut);
    if (result.size() + kCut.size() <= max_bytes) kept = result.size();
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace twinlock
