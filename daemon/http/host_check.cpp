// SPDX-License-Identifier: MIT
#include "daemon/http/host_check.h"

#include <string>

#include "daemon/http/source.h"

namespace twinlock::http {

bool is_our_host(std::string_view host,
                 const std::optional<PublicUrl>& public_url,
                 const ListenAddress& listener,
                 bool is_tls) {
  const bool names_https = public_url && public_url->scheme == "https";
  const auto asked = PublicUrl::parse((names_https ? "https://" : "http://") + std::string(host));
  if (public_url && asked && !host.ends_with('/') && asked->host == public_url->host &&
      asked->port == public_url->port) {
    return true;
  }
  if (!listener.is_loopback()) return false;
  const auto local = PublicUrl::parse((is_tls ? "https://" : "http://") + std::string(host));
  if (!local || host.ends_with('/') || local->port != listener.port) return false;
  const std::string_view name = local->host;
  return name == "localhost" ||
         is_loopback_address(name.front() == '[' ? name.substr(1, name.size() - 2) : name);
}

}  // namespace twinlock::http
