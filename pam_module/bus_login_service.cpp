// SPDX-License-Identifier: MIT
#include "pam_module/bus_login_service.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <thread>
#include <utility>

#include "common/login_wire.h"

namespace twinlock::pam {
namespace {

// From getrandom(2); there is no second source.
Result<Nonce> fresh_nonce() {
  Nonce nonce{};
  ssize_t filled = 0;
  do {
    filled = getrandom(nonce.data(), nonce.size(), 0);
  } while (filled < 0 && errno == EINTR);
  // Requests of up to 256 bytes are never filled in part (getrandom(2)).
  if (filled != static_cast<ssize_t>(nonce.size())) {
    return Error{ErrorCode::Internal, "the kernel gave no random numbers"};
  }
  return nonce;
}

Error foreign(const char* what) {
  return {ErrorCode::Internal, std::string("the daemon's reply is about another ") + what};
}

}  // namespace

BusLoginService::BusLoginService(std::string address, TimePoint deadline, const BusTimes& times)
    : address_(std::move(address)), deadline_(deadline), times_(times) {}

Result<Step> BusLoginService::begin(const LoginContext& context) {
  const auto nonce = fresh_nonce();
  if (!nonce) return nonce.error();
  user_ = context.user;
  return ask("Begin", *nonce, [&nonce, &context](sd_bus_message* message) {
    int result = sd_bus_message_append_array(message, 'y', nonce->data(), nonce->size());
    for (const auto* const text : {&context.user,
                                   &context.service,
                                   &context.source,
                                   &context.rhost,
                                   &context.tty,
                                   &context.ruser,
                                   &context.locale}) {
      if (result >= 0) result = sd_bus_message_append_basic(message, 's', text->c_str());
    }
    if (result < 0) return result;
    return sd_bus_message_append_basic(message, 'u', &context.capabilities);
  });
}

Result<Step> BusLoginService::answer(const Secret& answer) {
  const auto nonce = fresh_nonce();
  if (!nonce) return nonce.error();
  return ask("Answer", *nonce, [this, &nonce, &answer](sd_bus_message* message) {
    // Before the answer is written, so that libsystemd wipes each buffer it passes through (S19).
    int result = sd_bus_message_sensitive(message);
    if (result >= 0) result = sd_bus_message_append(message, "s", conversation_.c_str());
    for (const std::span<const std::uint8_t> bytes :
         {std::span<const std::uint8_t>(previous_nonce_),
          std::span<const std::uint8_t>(*nonce),
          answer.bytes()}) {
      if (result < 0) break;
      result = sd_bus_message_append_array(message, 'y', bytes.data(), bytes.size());
    }
    return result;
  });
}

void BusLoginService::cancel() {
  if (conversation_.empty()) return;
  const auto append = [this](sd_bus_message* message) {
    return sd_bus_message_append(message, "s", conversation_.c_str());
  };
  const auto deadline = std::chrono::steady_clock::now() + times_.cancel;
  static_cast<void>(call_once("Cancel", append, deadline));
  conversation_.clear();
}

Result<Step> BusLoginService::ask(const char* method,
                                  const Nonce& nonce,
                                  const AppendArguments& append) {
  auto reply = ask_until_answered(method, append);
  if (!reply) return reply.error();
  if (reply->nonce != nonce) return foreign("call");
  // The daemon keeps no name that belongs to no account (it may be a password): such a conversation
  // goes on like any other and can only end in a denial (S25).
  const bool is_nobody = reply->user.empty() && !lets_in(reply->step.kind);
  if (reply->user != user_ && !is_nobody) return foreign("user");
  const bool first = conversation_.empty();
  if (!first && reply->conversation != conversation_) return foreign("conversation");
  if (asks(reply->step.kind) && reply->conversation.empty()) return foreign("conversation");

  conversation_ = asks(reply->step.kind) ? reply->conversation : std::string();
  previous_nonce_ = nonce;
  return (*std::move(reply)).step;
}

Result<Reply> BusLoginService::ask_until_answered(const char* method,
                                                  const AppendArguments& append) {
  const auto started = std::chrono::steady_clock::now();
  const auto step_deadline = std::min(deadline_, started + times_.connect + times_.call);
  while (true) {
    const auto reply = call_once(method, append, step_deadline);
    if (reply) return read_reply(reply->get());

    const auto code = reply.error().code;
    const bool may_return =
        code == ErrorCode::Unavailable || (code == ErrorCode::NotFound && daemon_seen_);
    const auto next_try = std::chrono::steady_clock::now() + times_.between_tries;
    if (!may_return || next_try >= std::min(started + times_.retry, step_deadline)) {
      return reply.error();
    }
    std::this_thread::sleep_until(next_try);
  }
}

Result<BusMessage> BusLoginService::call_once(const char* method,
                                              const AppendArguments& append,
                                              TimePoint deadline) {
  const auto started = std::chrono::steady_clock::now();
  const auto bus = connect(address_, std::min(deadline, started + times_.connect));
  if (!bus) return bus.error();

  const auto call_deadline = std::min(deadline, std::chrono::steady_clock::now() + times_.call);
  // The steps of a login look for the daemon once, as long as it answers.
  auto known = std::exchange(daemon_, std::nullopt);
  if (!known || !is_on(bus->get(), *known)) {
    auto found = find_daemon(bus->get(), trusted_, call_deadline);
    if (!found) return found.error();
    known = *std::move(found);
  }
  daemon_seen_ = true;

  const auto message = new_call(bus->get(), known->name, method);
  if (!message) return message.error();
  const auto appended = check_sd(append(message->get()), method);
  if (!appended) return appended.error();
  auto reply = call(bus->get(), message->get(), call_deadline);
  if (reply) daemon_ = std::move(known);
  return reply;
}

}  // namespace twinlock::pam
