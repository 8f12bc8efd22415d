// SPDX-License-Identifier: MIT
#include "daemon/http/source.h"

#include <algorithm>
#include <array>

#include "daemon/http/syntax.h"

namespace twinlock::http {
namespace {

using Address = std::array<std::uint8_t, 16>;

constexpr std::size_t kSubnetBytes = 8;   // of a /64
constexpr std::size_t kMappedBytes = 12;  // ::ffff: in front of an IPv4 address

bool is_mapped(const Address& address) {
  return std::all_of(address.begin(), address.begin() + 10, [](auto byte) { return byte == 0; }) &&
         address[10] == 0xff && address[11] == 0xff;
}

// The elements of every X-Forwarded-For, in order.
std::vector<std::string_view> forwarded_for(const std::vector<Field>& headers) {
  std::vector<std::string_view> found;
  for (const auto& [name, value] : headers) {
    if (!is_same_name(name, "X-Forwarded-For")) continue;
    for (std::string_view rest = value;;) {
      const auto comma = rest.find(',');
      found.push_back(trimmed(rest.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return found;
}

}  // namespace

std::string source_of(std::string_view address) {
  const auto bytes = parse_address(address);
  if (!bytes) return std::string(address);
  const auto* data = reinterpret_cast<const char*>(bytes->data());
  if (is_mapped(*bytes)) return {data + kMappedBytes, bytes->size() - kMappedBytes};
  return {data, kSubnetBytes};
}

bool is_loopback_address(std::string_view address) {
  const auto bytes = parse_address(address);
  if (!bytes) return false;
  if (is_mapped(*bytes)) return (*bytes)[kMappedBytes] == 127;
  return std::all_of(bytes->begin(), bytes->end() - 1, [](auto byte) { return byte == 0; }) &&
         bytes->back() == 1;
}

bool is_listed(std::string_view address, const std::vector<Network>& networks) {
  const auto bytes = parse_address(address);
  return bytes && std::any_of(networks.begin(), networks.end(), [&bytes](const Network& network) {
           return network.contains(*bytes);
         });
}

std::string client_address(std::string_view peer,
                           const std::vector<Field>& headers,
                           const std::vector<Network>& proxies) {
  if (!is_listed(peer, proxies)) return std::string(peer);
  // From the hop that is nearest: what stands before one that isn't ours, anybody may have written.
  const auto hops = forwarded_for(headers);
  std::string client(peer);
  for (auto hop = hops.rbegin(); hop != hops.rend() && parse_address(*hop); ++hop) {
    client = *hop;
    if (!is_listed(client, proxies)) break;
  }
  return client;
}

}  // namespace twinlock::http
