// SPDX-License-Identifier: MIT
#include "daemon/dbus/login_object.h"

#include <utility>

namespace twinlock::dbus {
namespace {

constexpr Asker kFrontEnd{std::nullopt};

}  // namespace

void LoginObject::Begin(StepResult&& result,
                        Bytes nonce,
                        std::string user,
                        std::string service,
                        std::string source,
                        std::string rhost,
                        std::string tty,
                        std::string ruser,
                        std::string locale,
                        std::uint32_t capabilities) {
  BeginArguments arguments{std::move(nonce),
                           std::move(user),
                           std::move(service),
                           std::move(source),
                           std::move(rhost),
                           std::move(tty),
                           std::move(ruser),
                           std::move(locale),
                           capabilities};
  dispatcher_.dispatch(object_,
                       "Login1.Begin",
                       rule_,
                       std::move(result),
                       [this, arguments = std::move(arguments)](const Caller&) -> StepOutcome {
                         const auto context = parse_begin(arguments);
                         if (!context) return context.error();
                         return to_wire(engine_.begin(*context));
                       });
}

void LoginObject::Answer(StepResult&& result,
                         std::string conversation,
                         Bytes previous_nonce,
                         Bytes nonce,
                         Bytes answer) {
  MessageHandle::mark_sensitive(current_message(object_));
  AnswerArguments arguments{
      std::move(conversation), std::move(previous_nonce), std::move(nonce), take_secret(answer)};
  dispatcher_.dispatch(
      object_,
      "Login1.Answer",
      rule_,
      std::move(result),
      [this, arguments = std::move(arguments)](const Caller&) -> StepOutcome {
        const auto parsed = parse_answer(arguments);
        if (!parsed) return parsed.error();
        return to_wire(engine_.answer(
            parsed->conversation, parsed->previous, parsed->nonce, arguments.answer, kFrontEnd));
      });
}

void LoginObject::Cancel(sdbus::Result<>&& result, std::string conversation) {
  dispatcher_.dispatch(object_,
                       "Login1.Cancel",
                       rule_,
                       std::move(result),
                       [this, conversation = std::move(conversation)](const Caller&) -> Outcome<> {
                         const auto id = parse_conversation(conversation);
                         if (!id) return id.error();
                         engine_.cancel(*id, kFrontEnd);
                         return std::tuple<>();
                       });
}

}  // namespace twinlock::dbus
