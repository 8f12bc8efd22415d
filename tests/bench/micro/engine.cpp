// SPDX-License-Identifier: MIT
//
// Whole logins inside the daemon: everything but the bus and the disk.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "daemon/domain/conversation_engine.h"
#include "daemon/domain/totp.h"
#include "tests/bench/data/people.h"
#include "tests/bench/micro/body.h"
#include "tests/bench/micro/fixture.h"
#include "tests/bench/timer/one_time_code.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_directory.h"

namespace twinlock::bench {
namespace {

constexpr int kUsers = 50;
constexpr int kWhoLogsIn = 25;

class SilentLog final : public EventLog {
 public:
  void record(const AuditEvent& /*event*/) override {}
  void problem(Severity /*severity*/, std::string_view area, std::string_view text) override {
    throw std::runtime_error(std::string(area) + ": " + std::string(text));
  }
};

class Logins {
 public:
  explicit Logins(std::size_t iterations) {
    directory_.add(account_of(kWhoLogsIn));
    clock_.set_wall(
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    const auto seed = method_of(kWhoLogsIn, clock_.wall()).credential.seed.copy();
    const Seed key(seed.bytes().begin(), seed.bytes().end());
    const auto first = time_step(clock_.wall(), std::chrono::seconds(30));
    for (std::size_t i = 1; i <= iterations; ++i) {
      codes_.push_back(hotp_code(key, first + static_cast<MovingFactor>(i)));
    }
  }

  // A time step goes by, and the user logs in with its code.
  void once() {
    clock_.advance(std::chrono::seconds(30));
    LoginContext context;
    context.nonce = next_nonce();
    context.user = account_of(kWhoLogsIn).name;
    context.service = "sshd";
    context.source = "192.0.2.7";
    const auto asked = engine_.begin(context);
    const auto step = engine_.answer(
        asked.conversation, context.nonce, next_nonce(), Secret(codes_.at(turn_++)), {});
    if (step.kind != wire::StepKind::Granted) throw std::runtime_error("a login was refused");
  }

 private:
  Nonce next_nonce() {
    Nonce nonce{};
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&++nonces_), sizeof nonces_, nonce.begin());
    return nonce;
  }

  FilledStore filled_{kUsers};
  FakeClock clock_;
  FakeDirectory directory_;
  SilentLog log_;
  AuditTrail audit_{*filled_.store, *filled_.keys, log_};
  ConversationEngine engine_{{.conversations = *filled_.store,
                              .verifiers = *filled_.store,
                              .methods = *filled_.store,
                              .settings = *filled_.store,
                              .directory = directory_,
                              .own_directory = directory_,
                              .keys = *filled_.keys,
                              .clock = clock_,
                              .audit = audit_},
                             {}};
  std::vector<std::string> codes_;
  std::size_t turn_ = 0;
  std::uint64_t nonces_ = 0;
};

std::function<void()> login(std::size_t iterations) {
  return [logins = std::make_shared<Logins>(iterations)] { logins->once(); };
}

}  // namespace

std::vector<Body> engine_bodies() {
  return {{.name = "engine/accepted totp", .prepare = login, .iterations = 2000}};
}

}  // namespace twinlock::bench
