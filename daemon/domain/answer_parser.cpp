// SPDX-License-Identifier: MIT
#include "daemon/domain/answer_parser.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "daemon/domain/recovery_code.h"

namespace twinlock {
namespace {

constexpr std::size_t kLongestShortCode = 8;

std::optional<Secret> short_code(std::string_view typed) {
  Secret digits(kLongestShortCode);
  std::size_t length = 0;
  for (const char c : typed) {
    if (c == ' ') continue;
    if (c < '0' || c > '9' || length == kLongestShortCode) return std::nullopt;
    digits.bytes()[length++] = static_cast<std::uint8_t>(c);
  }
  if (length != 6 && length != 8) return std::nullopt;
  return Secret(digits.bytes().first(length));
}

}  // namespace

ParsedAnswer parse_answer(const Secret& answer) {
  if (auto code = short_code(answer.text())) {
    return {ParsedAnswer::Form::ShortCode, std::move(*code)};
  }
  if (auto code = normalized_recovery_code(answer.text())) {
    return {ParsedAnswer::Form::RecoveryCode, std::move(*code)};
  }
  return {};
}

}  // namespace twinlock
