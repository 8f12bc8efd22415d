// SPDX-License-Identifier: MIT
#include "client/argument_checks.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "common/encoding.h"

namespace twinlock::client {
namespace {

constexpr std::size_t kMaxShownBytes = 60;

std::string wrong(std::string_view found, std::string_view allowed) {
  return "found \"" + as_typed(found) + "\"; allowed: " + std::string(allowed);
}

// "a, b or c"
std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace

ArgumentCheck one_of(const std::vector<std::string>& words) {
  return [words](const std::string& typed) {
    const bool is_one = std::find(words.begin(), words.end(), typed) != words.end();
    return is_one ? std::string() : wrong(typed, alternatives(words));
  };
}

ArgumentCheck number_from(unsigned low, unsigned high) {
  return [low, high](const std::string& typed) {
    unsigned number = 0;
    const auto* const end = typed.data() + typed.size();
    const auto [stopped, error] = std::from_chars(typed.data(), end, number);
    const bool is_one = error == std::errc() && stopped == end && number >= low && number <= high;
    return is_one ? std::string()
                  : wrong(typed,
                          "a number from " + std::to_string(low) + " to " + std::to_string(high));
  };
}

std::string names_an_account(const std::string& user) {
  return user.empty() ? "an account's name is empty; name one, or leave --user out" : "";
}

std::string as_typed(std::string_view word) { return escaped(word, kMaxShownBytes); }

}  // namespace twinlock::client
