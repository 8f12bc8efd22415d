// SPDX-License-Identifier: MIT
#include "daemon/dbus/wire_step.h"

#include <algorithm>
#include <span>

#include "common/encoding.h"
#include "common/login_wire.h"
#include "daemon/domain/account.h"
#include "daemon/domain/policy.h"

namespace twinlock::dbus {
namespace {

Error bad(const char* argument, const std::string& allowed) {
  return {ErrorCode::InvalidInput, std::string(argument) + " has to be " + allowed};
}

Status check_size(const char* argument, const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return Done{};
  return bad(argument, "at most " + std::to_string(limit) + " bytes long");
}

// The bus lets only UTF-8 through, but controls too; what is only logged goes without them.
std::string for_the_log(const std::string& text) { return printable(text, text.size()); }

}  // namespace

StepOutcome to_wire(const Step& step) {
  std::vector<WireMessage> messages;
  messages.reserve(step.messages.size());
  for (const auto& message : step.messages) {
    messages.emplace_back(static_cast<std::uint32_t>(message.kind), message.text);
  }
  return std::tuple(Bytes(step.nonce.begin(), step.nonce.end()),
                    hex_encode(step.conversation),
                    step.user,
                    messages,
                    static_cast<std::uint32_t>(step.kind),
                    step.text,
                    Bytes(),  // of an assert step, which nothing sends yet
                    std::string(reason_name(step.reason)));
}

Result<Nonce> parse_nonce(const char* argument, const Bytes& bytes) {
  Nonce nonce{};
  if (bytes.size() != nonce.size()) return bad(argument, "16 bytes long");
  std::copy(bytes.begin(), bytes.end(), nonce.begin());
  return nonce;
}

Result<ConversationId> parse_conversation(const std::string& text) {
  const auto bytes = text.size() == 2 * wire::kNonceSize ? hex_decode(text) : std::nullopt;
  if (!bytes) return bad("conversation", "32 hexadecimal digits");
  return parse_nonce("conversation", *bytes);
}

Status check_locale(const std::string& text) {
  return check_size("locale", text, wire::kMaxLocale);
}

Result<LoginContext> parse_begin(const BeginArguments& arguments) {
  const auto nonce = parse_nonce("nonce", arguments.nonce);
  if (!nonce) return nonce.error();
  for (const auto& checked : {check_size("user", arguments.user, wire::kMaxUser),
                              check_size("rhost", arguments.rhost, wire::kMaxRemoteHost),
                              check_size("tty", arguments.tty, wire::kMaxTerminal),
                              check_size("ruser", arguments.ruser, wire::kMaxUser),
                              check_locale(arguments.locale)}) {
    if (!checked) return checked.error();
  }
  if (arguments.user.empty()) return bad("user", "an account name");
  if (!is_service_name(arguments.service)) {
    return bad("service", "letters, digits and ._-, at most 64");
  }
  if (!arguments.source.empty() && !parse_address(arguments.source)) {
    return bad("source", "an address literal or empty");
  }

  LoginContext context;
  context.nonce = *nonce;
  context.user = arguments.user;
  context.service = arguments.service;
  context.source = arguments.source;
  context.rhost = for_the_log(arguments.rhost);
  context.tty = for_the_log(arguments.tty);
  context.ruser = for_the_log(arguments.ruser);
  context.locale = for_the_log(arguments.locale);
  context.interactive = (arguments.capabilities & wire::kInteractive) != 0;
  context.local_terminal = (arguments.capabilities & wire::kLocalTerminal) != 0;
  return context;
}

Result<ParsedAnswer> parse_answer(const AnswerArguments& arguments) {
  const auto conversation = parse_conversation(arguments.conversation);
  if (!conversation) return conversation.error();
  const auto previous = parse_nonce("previous_nonce", arguments.previous);
  if (!previous) return previous.error();
  const auto nonce = parse_nonce("nonce", arguments.nonce);
  if (!nonce) return nonce.error();
  if (arguments.answer.size() > wire::kMaxAnswer) {
    return bad("answer", "at most " + std::to_string(wire::kMaxAnswer) + " bytes long");
  }
  return ParsedAnswer{*conversation, *previous, *nonce};
}

Secret take_secret(Bytes& bytes) {
  Secret secret{std::span<const std::uint8_t>(bytes)};
  wipe(bytes);
  bytes.clear();
  return secret;
}

Secret take_secret(std::string& text) {
  Secret secret{std::string_view{text}};
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
  return secret;
}

}  // namespace twinlock::dbus
