// SPDX-License-Identifier: MIT
//
// Whole logins over the bus, as pam_twinlock.so holds them.
#include <gmock/gmock.h>
#include <unistd.h>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

constexpr auto kHidden = static_cast<std::uint32_t>(wire::StepKind::PromptHidden);
constexpr auto kGranted = static_cast<std::uint32_t>(wire::StepKind::Granted);
constexpr auto kExhausted = static_cast<std::uint32_t>(wire::StepKind::Exhausted);
constexpr auto kExempt = static_cast<std::uint32_t>(wire::StepKind::Exempt);

// The account of whoever runs the tests has a name in any directory; root has one everywhere.
constexpr const char* kUser = "nobody";

class Login : public DaemonTest {};

TEST_F(Login, IsExemptUntilAPolicyDemandsAFactor) {
  start();
  EXPECT_EQ(begin(root().get(), fresh_nonce(), kUser).kind, kExempt);
}

TEST_F(Login, IsGrantedToARightCodeAndToItOnce) {
  start();
  const auto bus = root();
  demand_factor(bus.get());
  const auto seed = enroll(bus.get(), kUser);
  const auto code = totp(seed);

  const auto nonce = fresh_nonce();
  const auto asked = begin(bus.get(), nonce, kUser);
  ASSERT_EQ(asked.kind, kHidden) << asked.error << asked.reason;
  EXPECT_EQ(asked.nonce, nonce);
  EXPECT_EQ(asked.user, kUser);
  EXPECT_EQ(answer(bus.get(), asked, fresh_nonce(), code).kind, kGranted);

  const auto again = begin(bus.get(), fresh_nonce(), kUser);
  EXPECT_EQ(answer(bus.get(), again, fresh_nonce(), code).kind, kHidden);
}

// S41: a call that is sent again is not judged again.
TEST_F(Login, AnswersARepeatedCallWithTheSameStep) {
  start();
  const auto bus = root();
  demand_factor(bus.get());
  const auto seed = enroll(bus.get(), kUser);
  const auto nonce = fresh_nonce();
  const auto asked = begin(bus.get(), nonce, kUser);
  EXPECT_EQ(begin(bus.get(), nonce, kUser).conversation, asked.conversation);
  const auto answering = fresh_nonce();
  const auto code = totp(seed);
  EXPECT_EQ(answer(bus.get(), asked, answering, code).kind, kGranted);
  EXPECT_EQ(answer(bus.get(), asked, answering, code).kind, kGranted);
}

// S25: nothing tells an account that doesn't exist from one with a wrong code.
TEST_F(Login, AsksAnUnknownAccountLikeAnyOther) {
  start();
  const auto bus = root();
  demand_factor(bus.get());
  (void)enroll(bus.get(), kUser);
  auto known = begin(bus.get(), fresh_nonce(), kUser);
  auto unknown = begin(bus.get(), fresh_nonce(), "no-such-account-here");
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(known.kind, unknown.kind) << round;
    EXPECT_EQ(known.text, unknown.text) << round;
    EXPECT_EQ(known.messages, unknown.messages) << round;
    known = answer(bus.get(), known, fresh_nonce(), "000000");
    unknown = answer(bus.get(), unknown, fresh_nonce(), "000000");
  }
  EXPECT_EQ(known.kind, kExhausted);
  EXPECT_EQ(unknown.kind, kExhausted);
}

// S42, S130: the conversation is in the store before the prompt is out.
TEST_F(Login, OutlivesTheDaemon) {
  start();
  WireStep asked;
  std::string code;
  {
    const auto bus = root();
    demand_factor(bus.get());
    const auto seed = enroll(bus.get(), kUser);
    code = totp(seed);
    asked = begin(bus.get(), fresh_nonce(), kUser);
  }
  daemon_->signal(SIGKILL);
  EXPECT_EQ(daemon_->wait(), -SIGKILL);
  start_daemon();
  EXPECT_EQ(answer(root().get(), asked, fresh_nonce(), code).kind, kGranted);
}

// S36: an account's own, by uid; and a second authenticator only by showing the first.
TEST_F(Login, OfOneselfProvesAnAuthenticator) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to call as others";
  start();
  {
    const auto bus = root();
    demand_factor(bus.get());
    (void)enroll(bus.get(), kUser);
  }
  const auto enroll_another = [](sd_bus_message* message) {
    sd_bus_message_append(message, "ssssuu", "", "totp", "mine", "SHA1", 6U, 30U);
  };
  EXPECT_EQ(error_for(kNobody, address(), wire::kEnrollmentInterface, "EnrollOtp", enroll_another),
            "org.twinlock.Error.ProofRequired");
  // The account daemon, on every Debian, has none yet, and what others have is no obstacle.
  EXPECT_EQ(error_for(1, address(), wire::kEnrollmentInterface, "EnrollOtp", enroll_another), "");
}

// S38, S150: an error reply, and the daemon goes on.
TEST_F(Login, RefusesMalformedCalls) {
  start();
  const auto bus = root();
  const std::string invalid = "org.twinlock.Error.InvalidInput";
  EXPECT_EQ(begin(bus.get(), WireNonce(15), kUser).error, invalid);
  EXPECT_EQ(begin(bus.get(), WireNonce(100000), kUser).error, invalid);
  EXPECT_EQ(begin(bus.get(), fresh_nonce(), std::string(60000, 'a')).error, invalid);
  WireStep nonsense;
  nonsense.conversation = "not a conversation";
  EXPECT_EQ(answer(bus.get(), nonsense, fresh_nonce(), "1").error, invalid);
  const auto wrong_signature = call(bus.get(), wire::kLoginInterface, "Begin", harmless("s"));
  EXPECT_EQ(wrong_signature.error, "org.freedesktop.DBus.Error.InvalidArgs");
  EXPECT_EQ(begin(bus.get(), fresh_nonce(), kUser).kind, kExempt);
}

// S124
TEST_F(Login, LeavesNoSecretInTheLog) {
  start();
  std::string seed;
  std::string code;
  {
    const auto bus = root();
    demand_factor(bus.get());
    seed = enroll(bus.get(), kUser);
    code = totp(seed);
    const auto asked = begin(bus.get(), fresh_nonce(), kUser);
    (void)answer(bus.get(), asked, fresh_nonce(), "my-own-password");
    const auto typed = begin(bus.get(), fresh_nonce(), "password-as-name");
    (void)answer(bus.get(), typed, fresh_nonce(), code);
  }
  daemon_->signal(SIGTERM);
  EXPECT_EQ(daemon_->wait(), 0);
  EXPECT_THAT(log(), ::testing::HasSubstr("login-denied"));
  for (const auto& secret :
       {seed, code, std::string("my-own-password"), std::string("password-as-name")}) {
    EXPECT_THAT(log(), ::testing::Not(::testing::HasSubstr(secret)));
  }
}

}  // namespace
}  // namespace twinlock::testing
