// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_WIRE_STEP_H
#define TWINLOCK_DAEMON_DBUS_WIRE_STEP_H

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "daemon/dbus/dispatcher.h"
#include "daemon/domain/conversation.h"
#include "daemon/domain/login_context.h"
#include "daemon/domain/step.h"

// Conversations between their forms on the bus (docs/login-protocol.md) and in the domain. All
// sizes and encodings are checked here (S38); InvalidInput names the argument.
namespace twinlock::dbus {

using Bytes = std::vector<std::uint8_t>;
using WireMessage = sdbus::Struct<std::uint32_t, std::string>;

using StepOutcome = Outcome<Bytes,
                            std::string,
                            std::string,
                            std::vector<WireMessage>,
                            std::uint32_t,
                            std::string,
                            Bytes,
                            std::string>;
using StepResult = sdbus::Result<Bytes,
                                 std::string,
                                 std::string,
                                 std::vector<WireMessage>,
                                 std::uint32_t,
                                 std::string,
                                 Bytes,
                                 std::string>;

[[nodiscard]] StepOutcome to_wire(const Step& step);

// Arguments of Login1.Begin, as they came.
struct BeginArguments {
  Bytes nonce;
  std::string user;
  std::string service;
  std::string source;
  std::string rhost;
  std::string tty;
  std::string ruser;
  std::string locale;
  std::uint32_t capabilities;
};

[[nodiscard]] Result<LoginContext> parse_begin(const BeginArguments& arguments);

// Arguments of Answer, as they came.
struct AnswerArguments {
  std::string conversation;
  Bytes previous;
  Bytes nonce;
  Secret answer;
};

struct ParsedAnswer {
  ConversationId conversation;
  Nonce previous;
  Nonce nonce;
};

[[nodiscard]] Result<ParsedAnswer> parse_answer(const AnswerArguments& arguments);

[[nodiscard]] Result<Nonce> parse_nonce(const char* argument, const Bytes& bytes);
[[nodiscard]] Result<ConversationId> parse_conversation(const std::string& text);
[[nodiscard]] Status check_locale(const std::string& text);

// Takes the bytes of an answer and leaves nothing of them behind (S19).
[[nodiscard]] Secret take_secret(Bytes& bytes);
[[nodiscard]] Secret take_secret(std::string& text);

}  // namespace twinlock::dbus

#endif
