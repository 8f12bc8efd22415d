// SPDX-License-Identifier: MIT
#include "pam_module/options.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

#include "common/encoding.h"

namespace twinlock::pam {
namespace {

constexpr std::chrono::seconds kShortestTimeout{15};
constexpr std::chrono::seconds kLongestTimeout{110};  // below sshd's LoginGraceTime of 120 s
constexpr std::size_t kMaxPromptWords = 64;
constexpr std::size_t kMaxBusAddress = 256;

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
  // Of all that a D-Bus address can be, only a socket of this machine: unixexec: would start a
  // process (S06), tcp: would ask the network, and a list would mean a second choice.
  const bool local = value.starts_with("unix:path=/") || value.starts_with("unix:abstract=");
  const bool clean = value == printable(value, kMaxBusAddress);
  if (!local || !clean || value.find(';') != std::string_view::npos) {
    return Error{ErrorCode::InvalidInput, "needs one address, unix:path=/... or unix:abstract=..."};
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
