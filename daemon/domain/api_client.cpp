// SPDX-License-Identifier: MIT
#include "daemon/domain/api_client.h"

#include <algorithm>

namespace twinlock {

// Greedy with one way back: a later '*' makes every earlier one's choice good.
bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::optional<std::size_t> star;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star) {
      p = *star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool admits(const UserFilter& filter,
            std::string_view name,
            const std::optional<std::vector<std::string>>& groups) {
  if (!filter.names.empty() && !matches_pattern(filter.names, name)) return false;
  if (filter.groups.empty()) return true;
  return groups && std::any_of(groups->begin(), groups->end(), [&filter](const auto& group) {
           return std::find(filter.groups.begin(), filter.groups.end(), group) !=
                  filter.groups.end();
         });
}

bool is_client_id(std::string_view text) {
  return text.size() == kClientIdLength && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

}  // namespace twinlock
