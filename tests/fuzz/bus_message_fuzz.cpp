// SPDX-License-Identifier: MIT
//
// Whatever a message bus may send, as the PAM module takes it apart: any bytes as a message, then
// any as the body of a reply.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "common/login_wire.h"
#include "pam_module/bus_message.h"
#include "pam_module/reply.h"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using twinlock::pam::BusMessage;
  // A copy of its own, so that one byte too far is noticed.
  const std::vector<std::uint8_t> bytes(data, data + size);
  const auto whole = twinlock::pam::message_size(bytes);
  const auto message = twinlock::pam::parse_reply(bytes);
  demand(!message || whole == bytes.size());
  if (whole < bytes.size()) {
    static_cast<void>(twinlock::pam::parse_reply(std::span(bytes).first(whole)));
  }
  if (message) static_cast<void>(twinlock::pam::read_reply(*message));

  BusMessage reply;
  reply.signature = twinlock::wire::kStepSignature;
  reply.body = bytes;
  static_cast<void>(twinlock::pam::read_reply(reply));
  return 0;
}
