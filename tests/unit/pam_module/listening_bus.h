// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_PAM_MODULE_LISTENING_BUS_H
#define TWINLOCK_TESTS_UNIT_PAM_MODULE_LISTENING_BUS_H

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/fakes/temporary_directory.h"

namespace twinlock::test {

// A bus that says what a test tells it to, on the test's own thread: the kernel accepts for it,
// and keeps what it says until somebody reads.
class ListeningBus {
 public:
  // Of those that nobody has accepted, it lets `backlog` and one more wait (listen(2)).
  explicit ListeningBus(int backlog = 16) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const auto path = directory_ / "socket";
    std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
        listen(listener_, backlog) != 0) {
      throw std::runtime_error("can't listen");
    }
  }
  ListeningBus(const ListeningBus&) = delete;
  ListeningBus& operator=(const ListeningBus&) = delete;
  ~ListeningBus() {
    hang_up();
    close(listener_);
  }

  [[nodiscard]] std::string address() const { return "unix:path=" + (directory_ / "socket"); }

  // The connection that came first.
  void accept_one() { peer_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); }

  void say(std::span<const std::uint8_t> bytes) const {
    if (send(peer_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != std::ssize(bytes)) {
      throw std::runtime_error("can't send");
    }
  }
  void say(std::string_view text) const {
    say(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }

  // What has come so far.
  [[nodiscard]] std::string heard() const {
    std::array<char, 65536> buffer{};
    const auto size = recv(peer_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  }

  void hang_up() {
    if (peer_ >= 0) close(peer_);
    peer_ = -1;
  }

 private:
  TemporaryDirectory directory_;
  int listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int peer_ = -1;
};

}  // namespace twinlock::test

#endif
