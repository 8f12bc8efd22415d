// SPDX-License-Identifier: MIT
#include "daemon/domain/recovery_code.h"

#include <algorithm>
#include <cstddef>

namespace twinlock {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kGroup = 4;

char canonical(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  if (c == 'I' || c == 'L') return '1';
  return c;
}

}  // namespace

Secret make_recovery_code(std::span<const std::uint8_t, kRecoveryCodeBytes> random) {
  Secret code(kRecoveryCodeLength);
  for (std::size_t i = 0; i < kRecoveryCodeLength; ++i) {
    const std::size_t bit = i * 5;
    unsigned pair = static_cast<unsigned>(random[bit / 8]) << 8U;
    if (bit / 8 + 1 < random.size()) pair |= random[bit / 8 + 1];
    code.bytes()[i] = static_cast<std::uint8_t>(kAlphabet[(pair >> (11 - bit % 8)) & 31U]);
  }
  return code;
}

std::string grouped(const Secret& code) {
  std::string text;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (i > 0 && i % kGroup == 0) text += '-';
    text += code.text()[i];
  }
  return text;
}

std::optional<Secret> normalized_recovery_code(std::string_view typed) {
  Secret code(kRecoveryCodeLength);
  std::size_t length = 0;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    const char letter = canonical(c);
    if (length == kRecoveryCodeLength || kAlphabet.find(letter) == std::string_view::npos) {
      return std::nullopt;
    }
    code.bytes()[length++] = static_cast<std::uint8_t>(letter);
  }
  if (length != kRecoveryCodeLength) return std::nullopt;
  return code;
}

Secret recovery_code_input(const MethodId& method, const Secret& normalized) {
  Secret input(method.bytes.size() + normalized.size());
  const auto middle = std::copy(method.bytes.begin(), method.bytes.end(), input.bytes().begin());
  std::copy(normalized.bytes().begin(), normalized.bytes().end(), middle);
  return input;
}

}  // namespace twinlock
