// SPDX-License-Identifier: MIT
#include "pam_module/reply.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/encoding.h"

namespace twinlock::pam {
namespace {

constexpr std::size_t kMaxConversationId = 128;
constexpr std::size_t kMaxReason = 128;

Error malformed(const char* what) {
  return {ErrorCode::Internal,
          std::string("the daemon's reply has ") + what +
              "; are module and daemon of the same version?"};
}

bool read_bytes(sd_bus_message* message, std::span<const std::uint8_t>& bytes) {
  const void* data = nullptr;
  std::size_t size = 0;
  if (sd_bus_message_read_array(message, 'y', &data, &size) < 0) return false;
  bytes = {static_cast<const std::uint8_t*>(data), size};
  return true;
}

std::optional<wire::MessageKind> message_kind(std::uint32_t number) {
  const auto kind = static_cast<wire::MessageKind>(number);
  switch (kind) {
    case wire::MessageKind::Information:
    case wire::MessageKind::Error:
      return kind;
  }
  return std::nullopt;
}

Status read_messages(sd_bus_message* message, std::vector<Message>& messages) {
  if (sd_bus_message_enter_container(message, 'a', "(us)") <= 0) return malformed("no messages");
  std::uint32_t number = 0;
  const char* text = nullptr;
  while (sd_bus_message_read(message, "(us)", &number, &text) > 0) {
    const auto kind = message_kind(number);
    if (!kind) return malformed("an unknown kind of message");
    if (messages.size() == wire::kMaxMessages) return malformed("too many messages");
    messages.push_back({*kind, printable(text, wire::kMaxMessage, true)});
  }
  if (sd_bus_message_exit_container(message) < 0) return malformed("broken messages");
  return Done{};
}

Status read_step(sd_bus_message* message, Step& step) {
  auto messages = read_messages(message, step.messages);
  if (!messages) return messages;

  std::uint32_t number = 0;
  const char* text = nullptr;
  std::span<const std::uint8_t> payload;
  const char* reason = nullptr;
  if (sd_bus_message_read(message, "us", &number, &text) <= 0 || !read_bytes(message, payload) ||
      sd_bus_message_read(message, "s", &reason) <= 0) {
    return malformed("an incomplete step");
  }
  const auto kind = wire::step_kind(number);
  if (!kind) return malformed("an unknown kind of step");
  // Cutting a prompt could cut off the question itself.
  if (std::string_view(text).size() > wire::kMaxPrompt) return malformed("too long a prompt");
  if (payload.size() > wire::kMaxPayload) return malformed("too long a payload");
  step.kind = *kind;
  step.text = printable(text, asks(*kind) ? wire::kMaxPrompt : wire::kMaxMessage, true);
  step.reason = printable(reason, kMaxReason);
  return Done{};
}

}  // namespace

bool lets_in(wire::StepKind kind) {
  return kind == wire::StepKind::Granted || kind == wire::StepKind::Exempt;
}

bool asks(wire::StepKind kind) {
  switch (kind) {
    case wire::StepKind::PromptHidden:
    case wire::StepKind::PromptVisible:
    case wire::StepKind::Assert:
    case wire::StepKind::Wait:
      return true;
    case wire::StepKind::Granted:
    case wire::StepKind::Exempt:
    case wire::StepKind::Denied:
    case wire::StepKind::Exhausted:
    case wire::StepKind::Unavailable:
      break;
  }
  return false;
}

Result<Reply> read_reply(sd_bus_message* message) {
  // Exactly this signature: a field more or less is another protocol.
  if (sd_bus_message_has_signature(message, wire::kStepSignature) <= 0) {
    return malformed("another signature");
  }
  Reply reply;
  std::span<const std::uint8_t> nonce;
  const char* conversation = nullptr;
  const char* user = nullptr;
  if (!read_bytes(message, nonce) ||
      sd_bus_message_read(message, "ss", &conversation, &user) <= 0) {
    return malformed("no beginning");
  }
  if (nonce.size() != reply.nonce.size()) return malformed("a nonce of another length");
  std::copy(nonce.begin(), nonce.end(), reply.nonce.begin());
  reply.conversation = conversation;
  reply.user = user;
  if (reply.conversation.size() > kMaxConversationId) return malformed("too long a conversation");
  if (reply.user.size() > wire::kMaxUser) return malformed("too long a user name");

  const auto step = read_step(message, reply.step);
  if (!step) return step.error();
  return reply;
}

}  // namespace twinlock::pam
