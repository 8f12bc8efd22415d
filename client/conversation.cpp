// SPDX-License-Identifier: MIT
#include "client/conversation.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <clocale>
#include <cstdlib>
#include <thread>

#include "client/text.h"
#include "common/encoding.h"

namespace twinlock::client {
namespace {

// Between two questions whether an approval elsewhere has come.
constexpr std::chrono::seconds kWaitPause{1};

using Nonce = std::array<std::uint8_t, wire::kNonceSize>;

Nonce fresh_nonce() {
  Nonce nonce{};
  ssize_t filled = 0;
  do {
    filled = getrandom(nonce.data(), nonce.size(), 0);
  } while (filled < 0 && errno == EINTR);
  // There is no second source, and a nonce that repeats could be answered with an old step.
  if (filled != static_cast<ssize_t>(nonce.size())) std::abort();
  return nonce;
}

std::string locale_name() {
  const char* name = setlocale(LC_MESSAGES, nullptr);
  return printable(name == nullptr ? "C" : name, wire::kMaxLocale);
}

void show(Session& session, const Step& step) {
  for (const auto& message : step.messages) {
    session.output.note(printable(message.text, wire::kMaxMessage, true));
  }
}

// What to send as an answer; nothing if the person gave up.
std::optional<Secret> answer_to(Session& session, const Step& step) {
  if (step.kind == wire::StepKind::Wait) {
    std::this_thread::sleep_for(kWaitPause);
    return Secret();
  }
  const auto echo = step.kind == wire::StepKind::PromptVisible ? Echo::On : Echo::Off;
  auto reply = session.terminal.ask(printable(step.text, wire::kMaxPrompt, true), echo);
  auto* line = std::get_if<Secret>(&reply);
  if (line == nullptr || line->empty() || line->size() > wire::kMaxAnswer) return std::nullopt;
  return std::move(*line);
}

}  // namespace

Result<std::optional<Step>> converse(Session& session, const std::string& purpose) {
  auto& daemon = session.daemon;
  auto step = daemon.begin(fresh_nonce(), purpose, locale_name());
  while (step) {
    show(session, *step);
    if (step->kind == wire::StepKind::Assert) {
      // Never offered: Begin of Enrollment1 says nothing of a key plugged in here.
      static_cast<void>(daemon.cancel(step->conversation));
      return error_from_bus("org.freedesktop.DBus.Error.InvalidArgs", "");
    }
    if (!wire::asks(step->kind)) return std::optional(*std::move(step));

    const auto answer = answer_to(session, *step);
    if (!answer) {
      static_cast<void>(daemon.cancel(step->conversation));  // it ends by itself if this fails
      return std::optional<Step>();
    }
    step = daemon.answer(*step, fresh_nonce(), *answer);
  }
  return step.error();
}

Result<Proof::Outcome> Proof::obtain() {
  session_.output.note("First show that it is you, as at a login.");
  if (!remark_.empty()) session_.output.note(remark_);
  const auto step = converse(session_, "proof");
  if (!step) return step.error();
  if (!*step) {
    session_.output.error("cancelled", "Nobody answered; nothing was changed.");
    return Outcome::Refused;
  }
  if ((*step)->kind == wire::StepKind::Granted) {
    id_ = (*step)->conversation;
    return Outcome::Proven;
  }
  const auto said = label((*step)->text);
  session_.output.error(
      "not-granted",
      said.empty() ? "Not granted; nothing was changed." : said + " Nothing was changed.");
  return Outcome::Refused;
}

}  // namespace twinlock::client
