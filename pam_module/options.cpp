// SPDX-License-Identifier: MIT
#include "pam_module/options.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

#include "common/encoding.h"
#include "pam_module/bus_connection.h"

namespace twinlock::pam {
namespace {

constexpr std::chrono::seconds kShortestTimeout{15};
constexpr std::chrono::seconds kLongestTimeout{110};  // below sshd's LoginGraceTime of 120 s
constexpr std::size_t kMaxPromptWords = 64;

Error refuse(std::string_view argument, std::string_view why) {
  return {ErrorCode::InvalidInput, "'" + std::string(argument) + "' " + std::string(why)};
}

Status read_timeout(std::string_view value, Options& options) {
  int seconds = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, seconds);
  const std::chrono::seconds timeout{seconds};
  if (error != std::errc() || stop != end || timeout < kShortestTimeout ||
      timeout > kLongestTimeout) {
    return Error{ErrorCode::InvalidInput, "needs a number of seconds from 15 to 110"};
  }
  options.timeout = timeout;
  return Done{};
}

Status read_prompt(std::string_view value, Options& options) {
  // The daemon's own punctuation follows, so "Code: " and "Code" mean the same.
  while (value.ends_with(' ') || value.ends_with(':')) value.remove_suffix(1);
  if (value.empty() || value != printable(value, kMaxPromptWords)) {
    return Error{ErrorCode::InvalidInput,
                 "needs 1 to 64 bytes of UTF-8 without control characters"};
  }
  options.prompt = value;
  return Done{};
}

Status read_bus(std::string_view value, Options& options) {
  // No comma, no list and nothing escaped: a path, as it is.
  const bool is_path =
      value.starts_with(kBusAddress) && value.size() <= kBusAddress.size() + 106;  // unix(7)
  if (!is_path || value.find_first_of(",;%") != std::string_view::npos) {
    return Error{ErrorCode::InvalidInput,
                 "needs unix:path=/... of at most 107 bytes, without any of , ; %"};
  }
  options.bus = value;
  return Done{};
}

struct Option {
  std::string_view name;
  Status (*read)(std::string_view value, Options& options);
};

constexpr std::array kOptionsWithValue{
    Option{"timeout=", read_timeout},
    Option{"prompt=", read_prompt},
    Option{"bus=", read_bus},
};

Status read_argument(std::string_view argument, Options& options) {
  if (argument == "debug") {
    options.debug = true;
    return Done{};
  }
  for (const auto& option : kOptionsWithValue) {
    if (!argument.starts_with(option.name)) continue;
    const auto read = option.read(argument.substr(option.name.size()), options);
    return read ? read : refuse(argument, read.error().detail);
  }
  return refuse(argument, "is unknown; there are timeout=, debug, prompt= and bus=");
}

std::string_view name_of(std::string_view argument) {
  return argument.substr(0, argument.find('='));
}

}  // namespace

Result<Options> parse_options(std::span<const char* const> arguments) {
  Options options;
  options.bus = "unix:path=" TWINLOCK_SYSTEM_BUS;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    for (const char* const earlier : arguments.first(i)) {
      if (name_of(earlier) == name_of(argument)) return refuse(argument, "is given twice");
    }
    const auto read = read_argument(argument, options);
    if (!read) return read.error();
  }
  return options;
}

}  // namespace twinlock::pam
