// SPDX-License-Identifier: MIT
#include "tests/bench/data/people.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <string>

namespace twinlock::bench {
namespace {

constexpr Uid kFirstUid = 30000;

std::array<std::uint8_t, 20> sha1(const std::string& text) {
  std::array<std::uint8_t, 20> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error("SHA-1 failed");
  }
  return digest;
}

MethodId id_of(int number, WallTime when) {
  const auto digest = sha1("id " + std::to_string(number));
  return make_ulid(when + std::chrono::milliseconds(number),
                   std::span<const std::uint8_t, 10>(digest.data(), 10));
}

AuditEvent event(AuditEventType type, int number, WallTime when) {
  const auto account = account_of(number);
  AuditEvent event{};
  event.time = when;
  event.type = type;
  event.user = account.name;
  event.uid = account.uid;
  event.method_type = MethodType::Totp;
  event.method_id = id_of(number, when);
  return event;
}

}  // namespace

Account account_of(int number) {
  const std::string digits = std::to_string(10'000'000 + number).substr(1);
  return {"bench" + digits, kFirstUid + static_cast<Uid>(number)};
}

OtpMethod method_of(int number, WallTime when) {
  const auto seed = sha1("twinlock bench " + std::to_string(number));
  const auto id = id_of(number, when);
  return {.method = {.id = id,
                     .owner = account_of(number),
                     .type = MethodType::Totp,
                     .name = "Phone",
                     .created = when,
                     .confirmed = when,
                     .last_used = {}},
          .credential = {.id = id,
                         .type = MethodType::Totp,
                         .parameters = {},
                         .seed = Secret(std::span<const std::uint8_t>(seed))}};
}

AuditEvent login_event(int number, WallTime when) {
  auto login = event(AuditEventType::LoginGranted, number, when);
  login.service = "sshd";
  login.source = "192.0.2." + std::to_string(number % 250 + 1);
  login.reason = Reason::RightCode;
  login.conversation = "0123456789abcdef0123456789abcdef";
  return login;
}

AuditEvent enrollment_event(int number, WallTime when) {
  auto enrolled = event(AuditEventType::MethodEnrolled, number, when);
  enrolled.actor = "uid " + std::to_string(*enrolled.uid);
  return enrolled;
}

}  // namespace twinlock::bench
