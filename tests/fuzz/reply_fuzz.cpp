// SPDX-License-Identifier: MIT
//
// The daemon's reply as the PAM module takes it apart: any fields, in the right order or not.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/encoding.h"
#include "common/login_wire.h"
#include "pam_module/reply.h"
#include "tests/unit/pam_module/wire_bytes.h"

namespace {

using twinlock::printable;
using twinlock::test::Bytes;
using twinlock::test::WireBytes;

void append_bytes(WireBytes& out, const std::string& bytes) {
  out.bytes(Bytes(bytes.begin(), bytes.end()));
}

void append_messages(WireBytes& out, FuzzedDataProvider& input) {
  out.align(4);
  const auto length_at = out.size();
  const auto begin = out.begin_array(8);
  for (int left = input.ConsumeIntegralInRange(0, 40); left > 0; --left) {
    out.align(8);
    out.number(input.ConsumeIntegralInRange<std::uint32_t>(0, 3));
    out.text(input.ConsumeRandomLengthString(700));
  }
  out.end_array(begin, length_at);
}

// A field of each type that the signature knows, in the order that `order` spells.
void append_fields(WireBytes& out, const std::string& order, FuzzedDataProvider& input) {
  for (const char field : order) {
    switch (field) {
      case 'y':
        append_bytes(out, input.ConsumeRandomLengthString(5000));
        break;
      case 'n':
        append_bytes(out, input.ConsumeBytesAsString(16));
        break;
      case 's':
        out.text(input.ConsumeRandomLengthString(5000));
        break;
      case 'u':
        out.number(input.ConsumeIntegralInRange<std::uint32_t>(0, 11));
        break;
      default:
        append_messages(out, input);
    }
  }
}

void demand(bool holds) {
  if (!holds) std::abort();
}

void demand_harmless(const std::string& text, std::size_t limit) {
  demand(text.size() <= limit && text == printable(text, limit, true));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace wire = twinlock::wire;
  FuzzedDataProvider input(data, size);
  const bool as_described = input.ConsumeProbability<float>() < 0.9F;
  const auto order = as_described ? std::string("nssmusys") : input.ConsumeBytesAsString(8);

  WireBytes out;
  append_fields(out, order, input);
  twinlock::pam::BusMessage message;
  message.signature = wire::kStepSignature;
  message.body = out.written();
  const auto reply = twinlock::pam::read_reply(message);
  if (!reply) return 0;
  demand(twinlock::is_utf8(reply->user) && reply->user.size() <= wire::kMaxUser);
  demand(reply->step.messages.size() <= wire::kMaxMessages);
  for (const auto& each : reply->step.messages) demand_harmless(each.text, wire::kMaxMessage);
  demand_harmless(reply->step.text, wire::kMaxPrompt);
  demand_harmless(reply->step.reason, wire::kMaxMessage);
  demand(wire::step_kind(static_cast<std::uint32_t>(reply->step.kind)).has_value());
  return 0;
}
