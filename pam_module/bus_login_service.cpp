// SPDX-License-Identifier: MIT
#include "pam_module/bus_login_service.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
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

// Gone, or anything else that a daemon should not say.
Error error_reply(const std::string& name) {
  constexpr std::array kGone{"org.freedesktop.DBus.Error.NoReply",
                             "org.freedesktop.DBus.Error.ServiceUnknown",
                             "org.freedesktop.DBus.Error.NameHasNoOwner"};
  const bool gone = std::find(kGone.begin(), kGone.end(), name) != kGone.end();
  return {gone ? ErrorCode::Unavailable : ErrorCode::Internal,
          "the daemon did not answer as it should: " + name};
}

}  // namespace

BusLoginService::BusLoginService(std::string address, TimePoint deadline, const BusTimes& times)
    : address_(std::move(address)), deadline_(deadline), times_(times) {}

Result<Step> BusLoginService::begin(const LoginContext& context) {
  const auto nonce = fresh_nonce();
  if (!nonce) return nonce.error();
  user_ = context.user;
  const auto add = [&nonce, &context](MethodCall& call) {
    call.add(*nonce);
    for (const auto* const text : {&context.user,
                                   &context.service,
                                   &context.source,
                                   &context.rhost,
                                   &context.tty,
                                   &context.ruser,
                                   &context.locale}) {
      call.add(*text);
    }
    call.add(context.capabilities);
  };
  return ask({"Begin", wire::kBeginSignature, add}, *nonce);
}

Result<Step> BusLoginService::answer(const Secret& answer) {
  const auto nonce = fresh_nonce();
  if (!nonce) return nonce.error();
  const auto add = [this, &nonce, &answer](MethodCall& call) {
    call.add(conversation_);
    call.add(previous_nonce_);
    call.add(*nonce);
    call.add(answer.bytes());
  };
  return ask({"Answer", wire::kAnswerSignature, add}, *nonce);
}

void BusLoginService::cancel() {
  if (conversation_.empty()) return;
  const auto add = [this](MethodCall& call) { call.add(conversation_); };
  const auto deadline = std::chrono::steady_clock::now() + times_.cancel;
  static_cast<void>(call_once({"Cancel", "s", add}, deadline));
  conversation_.clear();
}

Result<Step> BusLoginService::ask(const Request& request, const Nonce& nonce) {
  auto reply = ask_until_answered(request);
  if (!reply) return reply.error();
  if (reply->nonce != nonce) return foreign("call");
  // The daemon keeps no name that belongs to no account (it may be a password): such a conversation
  // goes on like any other and can only end in a denial (S25).
  const bool is_nobody = reply->user.empty() && !wire::lets_in(reply->step.kind);
  if (reply->user != user_ && !is_nobody) return foreign("user");
  const bool first = conversation_.empty();
  if (!first && reply->conversation != conversation_) return foreign("conversation");
  if (wire::asks(reply->step.kind) && reply->conversation.empty()) return foreign("conversation");

  conversation_ = wire::asks(reply->step.kind) ? reply->conversation : std::string();
  previous_nonce_ = nonce;
  return (*std::move(reply)).step;
}

Result<Reply> BusLoginService::ask_until_answered(const Request& request) {
  const auto started = std::chrono::steady_clock::now();
  const auto step_deadline = std::min(deadline_, started + times_.connect + times_.call);
  while (true) {
    const auto reply = call_once(request, step_deadline);
    if (reply) return read_reply(*reply);

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

Result<BusMessage> BusLoginService::call_once(const Request& request, TimePoint deadline) {
  const auto connect_deadline =
      std::min(deadline, std::chrono::steady_clock::now() + times_.connect);
  BusConnection bus(address_);
  // The steps of a login look for the daemon once, as long as it answers.
  auto daemon = std::exchange(daemon_, std::nullopt);
  const auto question = daemon ? 0 : post_owner_question(bus);
  const auto bus_id = bus.greet(connect_deadline);
  if (bus.failure()) return *bus.failure();

  const auto call_deadline = std::min(deadline, std::chrono::steady_clock::now() + times_.call);
  if (!daemon) {
    auto name = await_daemon(bus, question, trusted_, call_deadline);
    if (!name) return name.error();
    daemon = KnownDaemon{bus_id, *std::move(name)};
  }
  daemon_seen_ = true;
  if (daemon->bus != bus_id) return Error{ErrorCode::Unavailable, "the message bus restarted"};

  MethodCall call(
      {daemon->name, wire::kObjectPath, wire::kLoginInterface, request.member, request.signature});
  request.add_arguments(call);
  auto reply = bus.await(bus.post(call), daemon->name, call_deadline);
  if (bus.failure()) return *bus.failure();
  if (!reply.error_name.empty()) return error_reply(reply.error_name);
  daemon_ = std::move(daemon);
  return reply;
}

}  // namespace twinlock::pam
