// SPDX-License-Identifier: MIT
#include "daemon/report.h"

#include <iostream>

namespace twinlock {

std::vector<std::string_view> lines_of(std::string_view detail) {
  std::vector<std::string_view> lines;
  for (;;) {
    const auto end = detail.find('\n');
    lines.push_back(detail.substr(0, end));
    if (end == std::string_view::npos) return lines;
    detail.remove_prefix(end + 1);
  }
}

ExitCode report(ExitCode exit, const Error& error) {
  for (const auto line : lines_of(error.detail)) std::cerr << "twinlockd: " << line << '\n';
  return exit;
}

}  // namespace twinlock
