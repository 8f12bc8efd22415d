// SPDX-License-Identifier: MIT
#include "daemon/domain/contact.h"

#include <algorithm>
#include <cstddef>

namespace twinlock {
namespace {

constexpr std::size_t kFewestDigits = 6;  // E.164 has at most 15, the country's among them
constexpr std::size_t kMostDigits = 15;
constexpr std::size_t kLongestAddress = 254;  // RFC 5321 §4.5.3.1.3, without the brackets
constexpr std::size_t kLongestLocalPart = 64;
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kShown = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_atom_character(char c) {
  return is_alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string::npos;
}

// Whether every part between dots is one that `is_part` takes, and there is one.
template <typename Predicate>
bool all_parts(std::string_view text, Predicate is_part) {
  while (true) {
    const auto dot = text.find('.');
    if (!is_part(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_atom(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), is_atom_character);
}

bool is_label(std::string_view part) {
  return !part.empty() && part.size() <= kLongestLabel && part.front() != '-' &&
         part.back() != '-' && std::all_of(part.begin(), part.end(), [](char c) {
           return is_alphanumeric(c) || c == '-';
         });
}

std::string masked(std::string_view text) {
  const auto shown = std::min(text.size(), kShown);
  return std::string(text.substr(0, shown)) + std::string(text.size() - shown, '*');
}

}  // namespace

std::optional<std::string> parse_phone_number(std::string_view text) {
  std::string number;
  for (const char c : text) {
    if (std::string_view(" -.()").find(c) != std::string_view::npos) continue;
    if (number.empty() ? c != '+' : !is_digit(c)) return std::nullopt;
    if (number.size() == 1 + kMostDigits) return std::nullopt;
    number += c;
  }
  if (number.size() < 1 + kFewestDigits || number[1] == '0') return std::nullopt;
  return number;
}

bool is_mail_address(std::string_view text) {
  if (text.size() > kLongestAddress) return false;
  const auto at = text.find('@');
  if (at == std::string_view::npos || at > kLongestLocalPart) return false;
  return all_parts(text.substr(0, at), is_atom) && all_parts(text.substr(at + 1), is_label);
}

std::string canonical_mail_address(std::string_view address) {
  std::string lower(address);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string masked_phone_number(std::string_view number) {
  const auto hidden = number.size() - std::min(number.size(), kShown);
  return std::string(hidden, 'X') + std::string(number.substr(hidden));
}

std::string masked_mail_address(std::string_view address) {
  const auto at = std::min(address.find('@'), address.size());
  const auto local = address.substr(0, at);
  std::string shown = local.size() <= kShown ? std::string(kShown, '*') : masked(local);
  if (at < address.size()) shown += '@' + masked(address.substr(at + 1));
  return shown;
}

}  // namespace twinlock
