// SPDX-License-Identifier: MIT
//
// A daemon, or a bus, that is away, silent, dying or starting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "tests/integration/pam/module_fixture.h"

namespace twinlock::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Way = Action::Way;

TEST_F(PamModule, DeniesAtOnceWhereNoDaemonRuns) {  // S28, P9
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(login(), PAM_AUTHINFO_UNAVAIL);
  // The 20 ms of P9 are the benchmark's to measure; here it must not have waited for a deadline.
  EXPECT_LT(std::chrono::steady_clock::now() - started, 1500ms);
  EXPECT_THAT(login_->texts(PAM_ERROR_MSG), ElementsAre("Second factor unavailable."));
}

TEST_F(PamModule, DeniesAtOnceWhereNoBusRuns) {  // S28
  bus_.stop();
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(login(), PAM_AUTHINFO_UNAVAIL);
  EXPECT_LT(std::chrono::steady_clock::now() - started, 1500ms);
}

TEST_F(PamModule, DeniesWhereTheDaemonNeverAnswers) {  // S23, S28: within 7 s
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(login([](const Call&) -> Action { return {.way = Way::Silence}; }),
            PAM_AUTHINFO_UNAVAIL);
  const auto took = std::chrono::steady_clock::now() - started;
  EXPECT_GE(took, 4s);
  EXPECT_LT(took, 7s);
}

// S41: it died under the call; the same call is made again and evaluated once.
class DaemonThatDies : public PamModule, public testing::WithParamInterface<const char*> {};

TEST_P(DaemonThatDies, IsAskedAgainWithTheSameNonce) {
  const std::string dies_at = GetParam();
  bool dead = false;
  const auto script = [&dead, dies_at](const Call& call) -> Action {
    if (call.method == dies_at && !dead) {
      dead = true;
      return {.way = Way::Vanish, .away = 300ms};
    }
    return grants_for("123456")(call);
  };
  const ScriptedDaemon daemon(bus_.address(), script);
  EXPECT_EQ(login(), PAM_SUCCESS);
  const auto calls = daemon.calls(dies_at);
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].nonce, calls[1].nonce);
  EXPECT_EQ(calls[0].previous_nonce, calls[1].previous_nonce);
}

INSTANTIATE_TEST_SUITE_P(S41, DaemonThatDies, testing::Values("Begin", "Answer"));

TEST_F(PamModule, WaitsForADaemonThatRestartsWhileThePersonTypes) {  // S41
  const auto script = [](const Call& call) {
    auto action = grants_for("123456")(call);
    action.user = "alice";  // Answer doesn't name the user; a real daemon looks it up
    return action;
  };
  auto daemon = std::make_unique<ScriptedDaemon>(bus_.address(), script);
  PamLogin login("sshd", "alice", line());
  std::thread restart;
  login.person = [&](const pam_message& message, pam_response** reply) {
    if (message.msg_style != PAM_PROMPT_ECHO_OFF) return PAM_SUCCESS;
    daemon.reset();
    restart = std::thread([&] {
      std::this_thread::sleep_for(200ms);  // it must be seen missing
      daemon = std::make_unique<ScriptedDaemon>(bus_.address(), script);
    });
    *reply = reply_with("123456");
    return PAM_SUCCESS;
  };
  EXPECT_EQ(login.authenticate(), PAM_SUCCESS);
  restart.join();
}

TEST(PamModuleAndActivation, StartTheDaemonWhereTheBusKnowsHow) {
  const PrivateBus bus(true);
  PamLogin login("sshd", "alice", "auth required " TWINLOCK_PAM_MODULE " bus=" + bus.address());
  EXPECT_EQ(login.authenticate(), PAM_SUCCESS);
}

}  // namespace
}  // namespace twinlock::test
