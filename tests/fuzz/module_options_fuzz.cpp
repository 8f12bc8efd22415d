// SPDX-License-Identifier: MIT
//
// The PAM line's arguments, one a line here (S10, S150): refused by name, or within their bounds.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "common/encoding.h"
#include "pam_module/options.h"

namespace {

using std::chrono::seconds;

void demand(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::string> lines_of(std::string text) {
  for (auto& character : text) {
    if (character == '\0') character = '\n';  // an argument ends there
  }
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto lines = lines_of({reinterpret_cast<const char*>(bytes), size});
  std::vector<const char*> arguments;
  arguments.reserve(lines.size());
  for (const auto& line : lines) arguments.push_back(line.c_str());

  const auto options = twinlock::pam::parse_options(arguments);
  if (!options) {
    demand(options.error().code == twinlock::ErrorCode::InvalidInput);
    demand(!options.error().detail.empty());
    return 0;
  }
  demand(arguments.size() <= 4);  // each at most once
  demand(options->timeout >= seconds(15) && options->timeout <= seconds(110));
  demand(options->prompt == twinlock::printable(options->prompt, 64));
  demand(options->bus.starts_with("unix:path=/") && options->bus.size() <= 117);
  demand(options->bus.find_first_of(",;%") == std::string::npos);
  return 0;
}
