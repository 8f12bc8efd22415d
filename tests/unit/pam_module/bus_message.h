// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_PAM_MODULE_BUS_MESSAGE_H
#define TWINLOCK_TESTS_UNIT_PAM_MODULE_BUS_MESSAGE_H

#include <sys/socket.h>

#include <array>
#include <stdexcept>

#include "pam_module/bus.h"

namespace twinlock::test {

// Makes messages that look as if they had arrived, without a bus: libsystemd wants a connection
// for each, so there is one to nobody.
class MessageMaker {
 public:
  MessageMaker() {
    std::array<int, 2> ends{};
    sd_bus* raw = nullptr;
    check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()));
    check(sd_bus_new(&raw));
    bus_.reset(raw);
    check(sd_bus_set_fd(raw, ends[0], ends[0]));
    check(sd_bus_start(raw));
    other_end_ = ends[1];
  }
  MessageMaker(const MessageMaker&) = delete;
  MessageMaker& operator=(const MessageMaker&) = delete;
  ~MessageMaker() { close(other_end_); }

  [[nodiscard]] pam::BusMessage empty() {
    sd_bus_message* raw = nullptr;
    check(sd_bus_message_new_signal(bus_.get(), &raw, "/test", "org.twinlock.Test", "Reply"));
    return pam::BusMessage(raw);
  }

  // From writing to reading.
  static void arrive(sd_bus_message* message) {
    check(sd_bus_message_seal(message, 1, 0));
    check(sd_bus_message_rewind(message, 1));
  }

  static void check(int result) {
    if (result < 0) throw std::runtime_error("libsystemd can't make the message");
  }

 private:
  pam::Bus bus_;
  int other_end_ = -1;
};

}  // namespace twinlock::test

#endif
