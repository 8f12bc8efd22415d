// SPDX-License-Identifier: MIT
#include "tests/unit/domain/login_world.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "daemon/domain/hotp.h"
#include "daemon/domain/lockout.h"
#include "daemon/domain/totp.h"

namespace twinlock {
namespace {

std::string text_of(std::uint32_t value, int digits) {
  std::string text = std::to_string(value);
  return std::string(static_cast<std::size_t>(digits) - text.size(), '0') + text;
}

// A step of a test's preparation that has to work.
template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error("preparing the test: " + result.error().detail);
  return *std::move(result);
}

}  // namespace

LoginSettings generous_settings() {
  LoginSettings settings;
  settings.limits = {1000, 100000};
  return settings;
}

LoginWorld::LoginWorld(LoginSettings settings)
    : engine({ports.store,
              ports.store,
              ports.store,
              ports.store,
              ports.directory,
              own_directory,
              ports.keys,
              ports.clock,
              audit},
             std::move(settings)),
      enrollment({ports.store, ports.store, ports.store, ports.keys, random, ports.clock, audit},
                 "Here"),
      administration({ports.store,
                      ports.store,
                      ports.store,
                      ports.store,
                      ports.directory,
                      ports.clock,
                      audit}) {
  for (const auto* account : {&alice, &bob, &root}) directory.add(*account);
  must(memory.set_policy(LoginPolicy::AllApplications, {}));
  for (const auto factor : kFactors) must(memory.set_factor(factor, true, {}));
}

Nonce LoginWorld::nonce() {
  Nonce fresh{};
  random.fill(fresh);
  return fresh;
}

LoginContext LoginWorld::context(std::string_view user, std::string_view source) {
  LoginContext context;
  context.nonce = nonce();
  context.user = user;
  context.service = "sshd";
  context.source = source;
  return context;
}

OtpCredential LoginWorld::start(const Account& account,
                                MethodType type,
                                const OtpParameters& parameters) {
  auto made = must(enrollment.enroll_otp(account, {type, "", parameters}, administrator));
  return {made.id, type, parameters, std::move(made.seed), -1, 0};
}

OtpCredential LoginWorld::enroll(const Account& account,
                                 MethodType type,
                                 const OtpParameters& parameters) {
  auto credential = start(account, type, parameters);
  const int confirming = type == MethodType::Totp ? -1 : 0;
  const Secret first(code(credential, confirming));
  if (must(enrollment.confirm_otp(account, credential.id, first, administrator)) !=
      Confirmation::Confirmed) {
    throw std::runtime_error("preparing the test: the code did not confirm");
  }
  if (type == MethodType::Hotp) credential.last_used = 0;
  return credential;
}

std::vector<std::string> LoginWorld::recovery_codes(const Account& account) {
  return must(enrollment.make_recovery_codes(account, administrator));
}

std::string LoginWorld::code(const OtpCredential& credential, int steps) {
  const auto& parameters = credential.parameters;
  const MovingFactor now = credential.type == MethodType::Totp
                               ? time_step(clock.wall(), parameters.period)
                               : credential.last_used + 1;
  return text_of(
      hotp_value(parameters.algorithm, credential.seed.bytes(), now + steps, parameters.digits),
      parameters.digits);
}

std::string LoginWorld::wrong_code(const OtpCredential& credential) {
  std::set<std::string> near;
  for (int steps = -60; steps <= 60; ++steps) near.insert(code(credential, steps));
  std::uint32_t wrong = 0;
  while (near.contains(text_of(wrong, credential.parameters.digits))) ++wrong;
  return text_of(wrong, credential.parameters.digits);
}

Step LoginWorld::begin(std::string_view user, std::string_view source) {
  return engine.begin(context(user, source));
}

Step LoginWorld::answer(const Step& step, std::string_view text, const Asker& asker) {
  return engine.answer(step.conversation, step.nonce, nonce(), Secret(text), asker);
}

Step LoginWorld::answer(const Step& step, std::string_view text) { return answer(step, text, {}); }

Step LoginWorld::login(std::string_view text, std::string_view user, std::string_view source) {
  return answer(begin(user, source), text);
}

ConversationId LoginWorld::proof(const Account& account, std::string_view text) {
  LoginContext about_oneself = context(account.name, "");
  about_oneself.purpose = Purpose::Proof;
  const Step granted = answer(engine.begin(about_oneself), text, {account.uid});
  if (granted.kind != wire::StepKind::Granted) {
    throw std::runtime_error("preparing the test: the proof was not granted");
  }
  return granted.conversation;
}

Attempts LoginWorld::attempts(const Account& account, Budget budget) {
  return must(memory.attempts(account, budget, {}));
}

void LoginWorld::fail_in_a_row(const Account& account,
                               const OtpCredential& credential,
                               int failures) {
  // Each from a place of its own, so that no source runs out of conversations.
  for (int place = 0; attempts(account).consecutive < failures; ++place) {
    if (place > 1000) throw std::runtime_error("preparing the test: wrong codes aren't counted");
    const auto hold = hold_until(Budget::ShortCode, attempts(account), clock.wall());
    if (hold) clock.advance(*hold - clock.wall());
    const std::string source =
        "198.18." + std::to_string(place / 250) + '.' + std::to_string(place % 250);
    static_cast<void>(login(wrong_code(credential), account.name, source));
  }
}

std::vector<AuditEvent> LoginWorld::audited(AuditEventType type) {
  std::vector<AuditEvent> found;
  AuditQuery all;
  all.limit = 1'000'000;
  for (const auto& record : must(memory.read(all))) {
    if (record.event.type == type) found.push_back(record.event);
  }
  return found;
}

}  // namespace twinlock
