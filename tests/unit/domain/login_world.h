// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_DOMAIN_LOGIN_WORLD_H
#define TWINLOCK_TESTS_UNIT_DOMAIN_LOGIN_WORLD_H

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/administration.h"
#include "daemon/domain/conversation_engine.h"
#include "daemon/domain/enrollment.h"
#include "tests/fakes/failing_ports.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_directory.h"
#include "tests/fakes/fake_key_ring.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/recording_log.h"
#include "tests/fakes/seeded_random.h"

namespace twinlock {

using namespace std::chrono_literals;

// Settings of most tests: everybody needs a factor, and conversations are not what is scarce.
[[nodiscard]] LoginSettings generous_settings();

// The whole domain over fakes, as the application puts it together over the real thing. Every port
// that can fail goes through `faults`. At first the policy asks everybody, the factors are on, and
// alice (uid 1000), bob (1001) and root (0) have accounts and no authenticators.
struct LoginWorld {
  explicit LoginWorld(LoginSettings settings = generous_settings());

  MemoryStore memory;
  FakeDirectory directory;
  FakeKeyRing ring;
  FakeClock clock;
  SeededRandom random;
  RecordingLog log;
  FailingPorts ports{memory, directory, ring, clock};
  FaultPlan& faults = ports.plan;
  // Where users' own lookups go, if not to the directory of logins.
  FaultPlan own_faults;
  FailingDirectory own_directory{directory, own_faults};
  AuditTrail audit{ports.store, ports.keys, log};
  ConversationEngine engine;
  Enrollment enrollment;
  Administration administration;

  const Account alice{"alice", 1000};
  const Account bob{"bob", 1001};
  const Account root{"root", 0};

  [[nodiscard]] Nonce nonce();
  [[nodiscard]] LoginContext context(std::string_view user = "alice",
                                     std::string_view source = "203.0.113.7");

  // An authenticator of `account`, confirmed with its code of the step before this one (TOTP) or
  // its first one (HOTP), so that the present code is fresh.
  OtpCredential enroll(const Account& account,
                       MethodType type = MethodType::Totp,
                       const OtpParameters& parameters = {});
  // The same, not confirmed.
  OtpCredential start(const Account& account,
                      MethodType type = MethodType::Totp,
                      const OtpParameters& parameters = {});
  std::vector<std::string> recovery_codes(const Account& account);

  // The credential's code `steps` from now (TOTP) or from the next counter (HOTP).
  [[nodiscard]] std::string code(const OtpCredential& credential, int steps = 0);
  // Six digits that are none of the credential's codes near now.
  [[nodiscard]] std::string wrong_code(const OtpCredential& credential);

  [[nodiscard]] Step begin(std::string_view user = "alice",
                           std::string_view source = "203.0.113.7");
  // Answers the prompt of `step`, as its front end does.
  [[nodiscard]] Step answer(const Step& step, std::string_view text);
  [[nodiscard]] Step answer(const Step& step, std::string_view text, const Asker& asker);
  // A conversation with this one answer.
  [[nodiscard]] Step login(std::string_view text,
                           std::string_view user = "alice",
                           std::string_view source = "203.0.113.7");
  // A granted conversation of purpose Proof, by this answer.
  [[nodiscard]] ConversationId proof(const Account& account, std::string_view text);

  [[nodiscard]] Attempts attempts(const Account& account, Budget budget = Budget::ShortCode);
  // Wrong codes until `failures` in a row stand there, whatever time it takes.
  void fail_in_a_row(const Account& account, const OtpCredential& credential, int failures);
  void fail_in_a_row(const OtpCredential& credential, int failures) {
    fail_in_a_row(alice, credential, failures);
  }
  // Records of this type in the audit log.
  [[nodiscard]] std::vector<AuditEvent> audited(AuditEventType type);

  const Authority administrator{"uid 0", true, std::nullopt};
  const Authority self{"uid 1000", false, std::nullopt};
};

}  // namespace twinlock

#endif
