// SPDX-License-Identifier: MIT
#include "pam_module/reply.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "common/encoding.h"
#include "pam_module/wire_reader.h"

namespace twinlock::pam {
namespace {

constexpr std::size_t kMaxConversationId = 128;
constexpr std::size_t kMaxReason = 128;

Error malformed(const char* what) {
  return {ErrorCode::Internal,
          std::string("the daemon's reply has ") + what +
              "; are module and daemon of the same version?"};
}

Status read_messages(WireReader& reader, std::vector<Message>& messages) {
  const auto end = reader.array_end(8);
  while (!reader.failed() && reader.position() < end) {
    reader.align(8);
    const auto kind = wire::message_kind(reader.number());
    const auto text = reader.text();
    if (!kind) return malformed("an unknown kind of message");
    if (messages.size() == wire::kMaxMessages) return malformed("too many messages");
    messages.push_back({*kind, printable(text, wire::kMaxMessage, true)});
  }
  if (reader.failed() || reader.position() != end) return malformed("broken messages");
  return Done{};
}

Status read_step(WireReader& reader, Step& step) {
  auto messages = read_messages(reader, step.messages);
  if (!messages) return messages;

  const auto kind = wire::step_kind(reader.number());
  const auto text = reader.text();
  const auto payload = reader.bytes();
  const auto reason = reader.text();
  if (!reader.at_end()) return malformed("an incomplete step");
  if (!kind) return malformed("an unknown kind of step");
  // Cutting a prompt could cut off the question itself.
  if (text.size() > wire::kMaxPrompt) return malformed("too long a prompt");
  if (payload.size() > wire::kMaxPayload) return malformed("too long a payload");
  step.kind = *kind;
  step.text = printable(text, wire::asks(*kind) ? wire::kMaxPrompt : wire::kMaxMessage, true);
  step.reason = printable(reason, kMaxReason);
  return Done{};
}

}  // namespace

Result<Reply> read_reply(const BusMessage& message) {
  // Exactly this signature: a field more or less is another protocol.
  if (message.signature != wire::kStepSignature) return malformed("another signature");
  WireReader reader(message.body);
  const auto nonce = reader.bytes();
  const auto conversation = reader.text();
  const auto user = reader.text();
  if (reader.failed()) return malformed("no beginning");
  Reply reply;
  if (nonce.size() != reply.nonce.size()) return malformed("a nonce of another length");
  if (conversation.size() > kMaxConversationId) return malformed("too long a conversation");
  if (user.size() > wire::kMaxUser) return malformed("too long a user name");
  std::copy(nonce.begin(), nonce.end(), reply.nonce.begin());
  reply.conversation = conversation;
  reply.user = user;

  const auto step = read_step(reader, reply.step);
  if (!step) return step.error();
  return reply;
}

}  // namespace twinlock::pam
