// SPDX-License-Identifier: MIT
#include "daemon/domain/instant.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <string_view>

namespace twinlock {
namespace {

// "00" … "99".
constexpr auto kPairs = [] {
  std::array<std::array<char, 2>, 100> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs.at(i) = {static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
  }
  return pairs;
}();

// The last two digits of a number.
template <std::integral T>
void write_two(char* at, T number) {
  const auto& pair = kPairs[static_cast<unsigned>(number) % kPairs.size()];
  std::copy(pair.begin(), pair.end(), at);
}

}  // namespace

UtcCharacters utc_characters(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  UtcCharacters text{};
  std::copy(kForm.begin(), kForm.end(), text.begin());
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  const auto thousandths = static_cast<unsigned>(clock.subseconds().count());
  write_two(&text[0], year / 100);
  write_two(&text[2], year);
  write_two(&text[5], static_cast<unsigned>(date.month()));
  write_two(&text[8], static_cast<unsigned>(date.day()));
  write_two(&text[11], clock.hours().count());
  write_two(&text[14], clock.minutes().count());
  write_two(&text[17], clock.seconds().count());
  text[20] = static_cast<char>('0' + thousandths / 100);
  write_two(&text[21], thousandths);
  return text;
}

std::string utc_text(WallTime time) {
  const auto text = utc_characters(time);
  return {text.data(), text.size()};
}

}  // namespace twinlock
