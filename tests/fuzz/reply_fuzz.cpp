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
#include "tests/unit/pam_module/bus_message.h"

namespace {

using twinlock::printable;
using twinlock::test::MessageMaker;

void append_text(sd_bus_message* message, const std::string& text) {
  // libsystemd writes no text that isn't UTF-8, and reads none.
  const auto utf8 = twinlock::is_utf8(text) ? text : std::string("?");
  MessageMaker::check(sd_bus_message_append(message, "s", utf8.c_str()));
}

void append_bytes(sd_bus_message* message, const std::string& bytes) {
  MessageMaker::check(sd_bus_message_append_array(message, 'y', bytes.data(), bytes.size()));
}

void append_messages(sd_bus_message* message, FuzzedDataProvider& input) {
  MessageMaker::check(sd_bus_message_open_container(message, 'a', "(us)"));
  for (int left = input.ConsumeIntegralInRange(0, 40); left > 0; --left) {
    MessageMaker::check(sd_bus_message_open_container(message, 'r', "us"));
    MessageMaker::check(
        sd_bus_message_append(message, "u", input.ConsumeIntegralInRange<std::uint32_t>(0, 3)));
    append_text(message, input.ConsumeRandomLengthString(700));
    MessageMaker::check(sd_bus_message_close_container(message));
  }
  MessageMaker::check(sd_bus_message_close_container(message));
}

// A field of each type that the signature knows, in the order that `order` spells.
void append_fields(sd_bus_message* message, const std::string& order, FuzzedDataProvider& input) {
  for (const char field : order) {
    switch (field) {
      case 'y':
        append_bytes(message, input.ConsumeRandomLengthString(5000));
        break;
      case 'n':
        append_bytes(message, input.ConsumeBytesAsString(16));
        break;
      case 's':
        append_text(message, input.ConsumeRandomLengthString(5000));
        break;
      case 'u':
        MessageMaker::check(sd_bus_message_append(
            message, "u", input.ConsumeIntegralInRange<std::uint32_t>(0, 11)));
        break;
      default:
        append_messages(message, input);
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
  static MessageMaker maker;
  FuzzedDataProvider input(data, size);
  const bool as_described = input.ConsumeProbability<float>() < 0.9F;
  const auto order = as_described ? std::string("nssmusys") : input.ConsumeBytesAsString(8);

  const auto message = maker.empty();
  append_fields(message.get(), order, input);
  MessageMaker::arrive(message.get());
  const auto reply = twinlock::pam::read_reply(message.get());
  if (!reply) return 0;
  demand(reply->user.size() <= wire::kMaxUser);
  demand(reply->step.messages.size() <= wire::kMaxMessages);
  for (const auto& each : reply->step.messages) demand_harmless(each.text, wire::kMaxMessage);
  demand_harmless(reply->step.text, wire::kMaxPrompt);
  demand_harmless(reply->step.reason, wire::kMaxMessage);
  demand(wire::step_kind(static_cast<std::uint32_t>(reply->step.kind)).has_value());
  return 0;
}
