// SPDX-License-Identifier: MIT
#include "daemon/domain/instant.h"

#include <algorithm>
#include <string_view>

namespace twinlock {
namespace {

// `number` in the digits that end before `end`, of which there are `width`.
void write_digits(char* end, long long number, int width) {
  for (; width > 0; --width, number /= 10) *--end = static_cast<char>('0' + number % 10);
}

}  // namespace

UtcCharacters utc_characters(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  UtcCharacters text{};
  std::copy(kForm.begin(), kForm.end(), text.begin());
  write_digits(&text[4], static_cast<int>(date.year()), 4);
  write_digits(&text[7], static_cast<unsigned>(date.month()), 2);
  write_digits(&text[10], static_cast<unsigned>(date.day()), 2);
  write_digits(&text[13], clock.hours().count(), 2);
  write_digits(&text[16], clock.minutes().count(), 2);
  write_digits(&text[19], clock.seconds().count(), 2);
  write_digits(&text[23], clock.subseconds().count(), 3);
  return text;
}

std::string utc_text(WallTime time) {
  const auto text = utc_characters(time);
  return {text.data(), text.size()};
}

}  // namespace twinlock
