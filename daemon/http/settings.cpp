// SPDX-License-Identifier: MIT
#include "daemon/http/settings.h"

#include <algorithm>
#include <charconv>

#include "daemon/http/source.h"
#include "daemon/http/syntax.h"

namespace twinlock::http {
namespace {

constexpr std::uint16_t kHttpsPort = 443;
constexpr std::uint16_t kHttpPort = 80;
constexpr std::size_t kMaxHostName = 253;  // RFC 1035 §2.3.4

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit)) {
    return std::nullopt;
  }
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  if (read.ec != std::errc()) return std::nullopt;
  return port;
}

// Letters, digits, dashes and dots between them.
bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxHostName || !is_token(text)) return false;
  const auto is_allowed = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.';
  };
  return std::all_of(text.begin(), text.end(), is_allowed) && text.front() != '.' &&
         text.front() != '-' && text.back() != '.' && text.find("..") == std::string_view::npos;
}

bool is_bracketed_address(std::string_view text) {
  return text.size() > 2 && text.front() == '[' && text.back() == ']' &&
         text.find(':') != std::string_view::npos &&
         parse_address(text.substr(1, text.size() - 2)).has_value();
}

}  // namespace

std::optional<ListenAddress> ListenAddress::parse(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = port_of(text.substr(colon + 1));
  auto host = text.substr(0, colon);
  if (is_bracketed_address(host)) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  if (!port || !parse_address(host)) return std::nullopt;
  return ListenAddress{std::string(host), *port};
}

std::string ListenAddress::text() const {
  const bool is_v6 = address.find(':') != std::string::npos;
  return (is_v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

bool ListenAddress::is_loopback() const { return is_loopback_address(address); }

std::optional<PublicUrl> PublicUrl::parse(std::string_view text) {
  PublicUrl url;
  const auto mark = text.find("://");
  if (mark == std::string_view::npos) return std::nullopt;
  url.scheme = text.substr(0, mark);
  if (url.scheme != "https" && url.scheme != "http") return std::nullopt;
  auto rest = text.substr(mark + 3);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const auto colon = rest.rfind(':');
  url.port = url.scheme == "https" ? kHttpsPort : kHttpPort;
  auto host = rest;
  if (colon != std::string_view::npos && !rest.ends_with(']')) {
    const auto port = port_of(rest.substr(colon + 1));
    if (!port || *port == 0) return std::nullopt;
    url.port = *port;
    host = rest.substr(0, colon);
  }
  if (!is_host_name(host) && !is_bracketed_address(host)) return std::nullopt;
  url.host = lower_case(host);
  return url;
}

std::string PublicUrl::text() const {
  const auto usual = scheme == "https" ? kHttpsPort : kHttpPort;
  return scheme + "://" + host + (port == usual ? "" : ":" + std::to_string(port));
}

bool is_origin(std::string_view text) {
  const auto url = PublicUrl::parse(text);
  return url && url->text() == text;
}

std::optional<ListenAddress> exposed_address(const ServerSettings& settings) {
  if (settings.has_tls()) return std::nullopt;
  for (const auto& address : settings.listen) {
    if (!address.is_loopback()) return address;
  }
  return std::nullopt;
}

}  // namespace twinlock::http
