// SPDX-License-Identifier: MIT
#include "daemon/http/target.h"

#include <algorithm>
#include <utility>

#include "common/encoding.h"
#include "daemon/http/syntax.h"

namespace twinlock::http {
namespace {

// Visible ASCII that may stand in a request line; a fragment never travels (RFC 9110 §4.2.5).
bool is_raw_character(char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '\\'; }

bool is_clean_segment(std::string_view segment) {
  return segment != "." && segment != ".." && is_utf8(segment) &&
         std::none_of(segment.begin(), segment.end(), [](char c) {
           return is_control(c) || c == '/' || c == '\\';
         });
}

std::optional<std::string> form_text(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  auto decoded = percent_decoded(spaced);
  if (!decoded || !is_utf8(*decoded)) return std::nullopt;
  const auto is_bad = [](char c) { return is_control(c) && c != '\t' && c != '\r' && c != '\n'; };
  if (std::any_of(decoded->begin(), decoded->end(), is_bad)) return std::nullopt;
  return decoded;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    if (text.size() - at < 3) return std::nullopt;
    const int high = hex_value(text[at + 1]);
    const int low = hex_value(text[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return decoded;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || std::string_view("-._~").find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 0xfU];
  }
  return encoded;
}

std::optional<std::vector<std::string>> path_segments(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  if (!std::all_of(path.begin(), path.end(), is_raw_character)) return std::nullopt;
  std::vector<std::string> segments;
  for (auto rest = path.substr(1);;) {
    const auto end = rest.find('/');
    auto segment = percent_decoded(rest.substr(0, end));
    if (!segment || !is_clean_segment(*segment)) return std::nullopt;
    const bool is_last = end == std::string_view::npos;
    if (segment->empty() && !is_last) return std::nullopt;
    segments.push_back(*std::move(segment));
    if (is_last) return segments;
    rest.remove_prefix(end + 1);
  }
}

std::optional<std::vector<Field>> form_fields(std::string_view text) {
  std::vector<Field> fields;
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = form_text(pair.substr(0, equals));
    auto value =
        equals == std::string_view::npos ? std::string() : form_text(pair.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    fields.emplace_back(*std::move(name), *std::move(value));
  }
  return fields;
}

}  // namespace twinlock::http
