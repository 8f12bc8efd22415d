// SPDX-License-Identifier: MIT
#include "tests/fakes/store_samples.h"

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace twinlock {
namespace {

template <typename Bytes>
Bytes numbered(std::uint8_t kind, int number) {
  Bytes bytes{};
  bytes[0] = kind;
  bytes[bytes.size() - 2] = static_cast<std::uint8_t>(number >> 8);
  bytes[bytes.size() - 1] = static_cast<std::uint8_t>(number);
  return bytes;
}

}  // namespace

Nonce nonce(int number) { return numbered<Nonce>(0xa0, number); }
MethodId method_id(int number) { return {numbered<decltype(Ulid::bytes)>(0xb0, number)}; }
PlaceDigest place(int number) { return numbered<PlaceDigest>(0xc0, number); }
KeyedDigest code_digest(int number, KeyId key) {
  return {.key = key, .bytes = numbered<decltype(KeyedDigest::bytes)>(0xd0, number)};
}

Account alice() { return {"alice", 1000}; }

AuditEvent event(AuditEventType type, WallTime when) {
  AuditEvent event{};
  event.time = when;
  event.type = type;
  event.user = "alice";
  event.uid = 1000;
  return event;
}

Conversation conversation(int number) {
  Conversation conversation;
  conversation.id = nonce(number);
  conversation.nonce = nonce(number);
  conversation.subject = numbered<SubjectDigest>(0xe0, 1);
  conversation.requested_user = "Alice";
  conversation.account = alice();
  conversation.service = "sshd";
  conversation.source = "192.0.2.1";
  conversation.started = {kNow, 1h};
  conversation.touched = {kNow, 1h};
  return conversation;
}

Conversation answered(Conversation conversation, int answer) {
  conversation.nonce = nonce(answer);
  conversation.touched = {kNow + 1s, 1h + 1s};
  conversation.reason = Reason::WrongCode;
  ++conversation.answers;
  return conversation;
}

OtpMethod totp_method(int number, const Account& owner) {
  AuthenticationMethod method{.id = method_id(number),
                              .owner = owner,
                              .type = MethodType::Totp,
                              .name = "Phone",
                              .created = kNow - 1h,
                              .confirmed = kNow,
                              .last_used = std::nullopt};
  OtpCredential credential{.id = method.id,
                           .type = MethodType::Totp,
                           .parameters = {},
                           .seed = Secret(std::string_view("12345678901234567890"))};
  return {std::move(method), std::move(credential)};
}

OtpMethod unconfirmed(OtpMethod method) {
  method.method.confirmed.reset();
  return method;
}

AuthenticationMethod recovery_method(int number, const Account& owner) {
  return {.id = method_id(number),
          .owner = owner,
          .type = MethodType::RecoveryCode,
          .name = "Recovery codes",
          .created = kNow,
          .confirmed = kNow,
          .last_used = std::nullopt};
}

Result<Standing> standing_of(Store& store, const Account& account) {
  static std::atomic<int> number{0x4000};  // far from those that tests choose
  auto asking = conversation(++number);
  asking.account = account;
  const auto opened = store.open_conversation(asking, {.live = 1'000'000, .per_hour = 1'000'000});
  if (!opened) throw std::runtime_error("no conversation to judge: " + opened.error().detail);
  auto docket = store.docket(asking.id, asking.nonce, Budget::ShortCode);
  if (!docket) return docket.error();
  auto found = *std::move(docket);
  if (!found || !found->standing) throw std::runtime_error("a conversation without a standing");
  return *std::move(found->standing);
}

void race(int threads, const std::function<void(int)>& work) {
  std::latch together(threads);
  std::vector<std::jthread> racers;
  racers.reserve(static_cast<std::size_t>(threads));
  for (int n = 0; n < threads; ++n) {
    racers.emplace_back([&, n] {
      together.arrive_and_wait();
      work(n);
    });
  }
}

}  // namespace twinlock
