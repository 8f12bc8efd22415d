// SPDX-License-Identifier: MIT
#include "client/text.h"

#include <array>
#include <ctime>
#include <cwchar>

#include "common/encoding.h"

namespace twinlock::client {
namespace {

constexpr std::size_t kMaxLabel = 256;

// Calls `each` with every code point; what isn't UTF-8 gives some code point beyond ASCII.
template <typename Each>
void for_each_code_point(std::string_view utf8, Each each) {
  char32_t point = 0;
  unsigned missing = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xF0) {
      point = byte & 0x07U, missing = 3;
    } else if (byte >= 0xE0) {
      point = byte & 0x0FU, missing = 2;
    } else if (byte >= 0xC0) {
      point = byte & 0x1FU, missing = 1;
    } else if (byte >= 0x80 && missing > 0) {
      point = (point << 6U) | (byte & 0x3FU);
      --missing;
    } else {
      point = byte;
    }
    if (missing == 0) each(point);
  }
}

}  // namespace

std::string in_groups(std::string_view text, std::size_t size) {
  std::string grouped;
  for (std::size_t i = 0; i < text.size(); i += size) {
    if (i > 0) grouped += ' ';
    grouped += text.substr(i, size);
  }
  return grouped;
}

std::string label(std::string_view text) { return printable(text, kMaxLabel); }

std::string to_ascii(std::string_view utf8) {
  std::string ascii;
  for_each_code_point(
      utf8, [&ascii](char32_t point) { ascii += point < 0x80 ? static_cast<char>(point) : '?'; });
  return ascii;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for_each_code_point(utf8, [&width](char32_t point) {
    const int columns = wcwidth(static_cast<wchar_t>(point));
    width += columns < 0 ? 1U : static_cast<unsigned>(columns);  // -1: not of this locale
  });
  return width;
}

std::string padded(std::string_view utf8, std::size_t width) {
  const auto taken = display_width(utf8);
  return std::string(utf8) + std::string(taken < width ? width - taken : 0, ' ');
}

std::string utc_time(std::int64_t seconds) {
  const time_t time = seconds;
  tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  return {text.data(), strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string utc_minute(std::int64_t seconds) {
  if (seconds == 0) return "-";
  auto text = utc_time(seconds).substr(0, std::string_view("2026-01-31T12:00").size());
  text[text.find('T')] = ' ';
  return text;
}

}  // namespace twinlock::client
