// SPDX-License-Identifier: MIT
#include "daemon/http/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace twinlock::http {
namespace {

constexpr int kBacklog = 1024;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  [[nodiscard]] sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] sockaddr_in& v4() { return reinterpret_cast<sockaddr_in&>(storage); }
  [[nodiscard]] sockaddr_in6& v6() { return reinterpret_cast<sockaddr_in6&>(storage); }
};

SocketAddress socket_address(const ListenAddress& address) {
  SocketAddress found;
  if (inet_pton(AF_INET, address.address.c_str(), &found.v4().sin_addr) == 1) {
    found.v4().sin_family = AF_INET;
    found.v4().sin_port = htons(address.port);
    found.size = sizeof(sockaddr_in);
  } else {
    inet_pton(AF_INET6, address.address.c_str(), &found.v6().sin6_addr);
    found.v6().sin6_family = AF_INET6;
    found.v6().sin6_port = htons(address.port);
    found.size = sizeof(sockaddr_in6);
  }
  return found;
}

std::string text_of(SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = address.storage.ss_family;
  const void* bytes = family == AF_INET ? static_cast<const void*>(&address.v4().sin_addr)
                                        : static_cast<const void*>(&address.v6().sin6_addr);
  return inet_ntop(family, bytes, text.data(), text.size()) == nullptr ? "" : text.data();
}

Error failure(const ListenAddress& address) {
  return {ErrorCode::Unavailable,
          "can't listen on " + address.text() + ": " +
              std::error_code(errno, std::generic_category()).message()};
}

bool set_option(int descriptor, int level, int option) {
  const int on = 1;
  return setsockopt(descriptor, level, option, &on, sizeof(on)) == 0;
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(const ListenAddress& address) {
  auto wanted = socket_address(address);
  const int family = wanted.storage.ss_family;
  const int descriptor = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return failure(address);
  auto listener = std::make_unique<Listener>(descriptor, address);
  // TCP_NODELAY is inherited by what is accepted: an answer is one write, and goes out at once.
  const bool is_set = set_option(descriptor, SOL_SOCKET, SO_REUSEADDR) &&
                      set_option(descriptor, IPPROTO_TCP, TCP_NODELAY) &&
                      (family == AF_INET || set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY));
  if (!is_set || bind(descriptor, wanted.raw(), wanted.size) != 0 ||
      listen(descriptor, kBacklog) != 0) {
    return failure(address);
  }
  SocketAddress bound;
  if (getsockname(descriptor, bound.raw(), &bound.size) != 0) return failure(address);
  listener->address_.port = ntohs(family == AF_INET ? bound.v4().sin_port : bound.v6().sin6_port);
  return listener;
}

Listener::Accepted Listener::accept() const {
  SocketAddress peer;
  const int descriptor =
      accept4(descriptor_.get(), peer.raw(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor >= 0) return {Outcome::Accepted, descriptor, text_of(peer)};
  switch (errno) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return {Outcome::Exhausted, -1, {}};
    default:
      return {Outcome::Nothing, -1, {}};
  }
}

}  // namespace twinlock::http
