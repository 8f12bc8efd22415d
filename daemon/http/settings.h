// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_SETTINGS_H
#define TWINLOCK_DAEMON_HTTP_SETTINGS_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/policy.h"
#include "daemon/http/limits.h"

namespace twinlock::http {

// An address literal and a port to listen on.
struct ListenAddress {
  std::string address;     // "127.0.0.1", "::1"
  std::uint16_t port = 0;  // 0: any that is free

  // "127.0.0.1:8443" or "[::1]:8443"; nothing for anything else.
  static std::optional<ListenAddress> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool is_loopback() const;
  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

// What is left of "https://auth.example.org:8443" (S61).
struct PublicUrl {
  std::string scheme;  // "https" or "http"
  std::string host;    // lower case; an IPv6 literal in brackets
  std::uint16_t port;  // the scheme's own if none is named

  // Nothing for user names, paths but "/", queries and anything that is no name or address.
  static std::optional<PublicUrl> parse(std::string_view text);
  // As browsers write an origin: without the scheme's own port.
  [[nodiscard]] std::string text() const;
};

struct CallRates {
  int per_second = kRequestsPerSecond;
  int burst = kRequestBurst;
};

// [http] of twinlock.toml, checked.
struct ServerSettings {
  std::vector<ListenAddress> listen{{"127.0.0.1", 8443}};  // empty: nothing is served
  std::optional<PublicUrl> public_url;  // nothing: only loopback names are answered
  std::string certificate;              // PEM, the leaf first; empty: plain HTTP
  std::string key;                      // PEM
  std::vector<Network> proxies;         // whose X-Forwarded-For counts (S56)
  std::vector<std::string> cors_origins;
  std::size_t connections = kMaxConnections;
  std::size_t connections_per_source = kConnectionsPerSource;
  std::size_t queued_requests = kQueuedRequests;
  CallRates rates;

  [[nodiscard]] bool has_tls() const { return !certificate.empty(); }
};

// "https://host" or "http://host:1234" as a browser sends it in Origin: no path, no star (S60).
[[nodiscard]] bool is_origin(std::string_view text);

// Plain HTTP is for loopback (S52): the first address that would speak it elsewhere, or nothing.
[[nodiscard]] std::optional<ListenAddress> exposed_address(const ServerSettings& settings);

}  // namespace twinlock::http

#endif
