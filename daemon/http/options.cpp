// SPDX-License-Identifier: MIT
#include "daemon/http/options.h"

#include <string_view>

namespace twinlock::http {

std::string Options::host() const {
  constexpr std::string_view kSeparator = "://";
  const auto begin = public_url.find(kSeparator);
  if (begin == std::string::npos) return public_url;
  const auto name = public_url.substr(begin + kSeparator.size());
  // A colon within brackets is part of an IPv6 address.
  const auto bracket = name.find(']');
  return name.substr(0, name.find(':', bracket == std::string::npos ? 0 : bracket));
}

}  // namespace twinlock::http
