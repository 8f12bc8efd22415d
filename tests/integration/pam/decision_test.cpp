// SPDX-License-Identifier: MIT
//
// What the daemon decides, and what becomes of it in a stack of modules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "common/login_wire.h"
#include "tests/integration/pam/module_fixture.h"

namespace twinlock::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(PamModule, GrantsWhatTheDaemonGrants) {
  const ScriptedDaemon daemon(bus_.address(), grants_for("123456"));
  PamLogin login("sshd", "alice", line());
  login.set(PAM_TTY, "ssh");
  pam_putenv(login.handle(), "SSH_CONNECTION=203.0.113.7 50022 192.0.2.1 22");
  login.answers = {"123456"};
  EXPECT_EQ(login.authenticate(), PAM_SUCCESS);
  EXPECT_EQ(login.set_credentials(), PAM_SUCCESS);
  EXPECT_THAT(login.delays, IsEmpty());

  const auto calls = daemon.calls();
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].user, "alice");
  EXPECT_EQ(calls[0].service, "sshd");
  EXPECT_EQ(calls[0].source, "203.0.113.7");
  EXPECT_EQ(calls[0].tty, "ssh");
  EXPECT_EQ(calls[0].capabilities, std::uint32_t{wire::kInteractive});
  EXPECT_EQ(calls[1].answer, "123456");
  EXPECT_EQ(calls[1].previous_nonce, calls[0].nonce);  // S41: the chain
  EXPECT_NE(calls[1].nonce, calls[0].nonce);
}

TEST_F(PamModule, DeniesWithADelay) {  // S03, S24
  EXPECT_EQ(login(grants_for("654321")), PAM_AUTH_ERR);
  ASSERT_EQ(login_->delays.size(), 1U);
  // 2 s, which libpam varies by half (pam_fail_delay(3)).
  EXPECT_GE(login_->delays[0], 1'000'000U);
  EXPECT_LE(login_->delays[0], 3'000'000U);
}

TEST_F(PamModule, SaysWhenTheLastAnswerWasWrong) {  // S03
  EXPECT_EQ(login(then({.kind = 8, .text = "Too many wrong codes."})), PAM_MAXTRIES);
  EXPECT_THAT(login_->texts(PAM_ERROR_MSG), ElementsAre("Too many wrong codes."));
}

TEST_F(PamModule, AsItShipsGrantsAndDeniesAsTheOthersDo) {
  const ScriptedDaemon daemon(bus_.address(), grants_for("123456"));
  for (const auto& [typed, code] : {std::pair{"123456", PAM_SUCCESS}, {"0", PAM_AUTH_ERR}}) {
    PamLogin login(
        "sshd", "alice", "auth required " TWINLOCK_PLAIN_MODULE " bus=" + bus_.address());
    login.answers = {typed};
    EXPECT_EQ(login.authenticate(), code);
  }
}

constexpr const char* kPermit = "auth required pam_permit.so\n";
constexpr const char* kDeny = "auth required pam_deny.so\n";

// S02: what becomes of an exempt user is the rest of the stack's to say.
struct Stack {
  std::string name;
  std::string control;
  bool behind_first_factor;
  const char* rest;
  int authenticated;
  int credentials;
};

class ExemptUser : public PamModule, public testing::WithParamInterface<Stack> {};

TEST_P(ExemptUser, IsLeftToTheRestOfTheStack) {  // S02
  const auto& stack = GetParam();
  const ScriptedDaemon daemon(bus_.address(), decides(6));
  PamLogin login(
      "sudo",
      "alice",
      (stack.behind_first_factor ? kFirstFactor : "") + line(stack.control) + stack.rest);
  login.answers = {"password"};
  EXPECT_EQ(login.authenticate(), stack.authenticated);
  EXPECT_EQ(login.set_credentials(), stack.credentials);
}

INSTANTIATE_TEST_SUITE_P(
    S02,
    ExemptUser,
    testing::Values(
        Stack{"RequiredBehindAPassword", "required", true, "", PAM_SUCCESS, PAM_SUCCESS},
        Stack{"RequisiteBehindAPassword", "requisite", true, "", PAM_SUCCESS, PAM_SUCCESS},
        Stack{"RequiredBeforePermit", "required", false, kPermit, PAM_SUCCESS, PAM_SUCCESS},
        Stack{"RequisiteBeforePermit", "requisite", false, kPermit, PAM_SUCCESS, PAM_SUCCESS},
        Stack{"SufficientBeforeDeny", "sufficient", false, kDeny, PAM_AUTH_ERR, PAM_CRED_ERR},
        Stack{"RequiredAlone", "required", false, "", PAM_PERM_DENIED, PAM_PERM_DENIED},
        Stack{"RequisiteAlone", "requisite", false, "", PAM_PERM_DENIED, PAM_PERM_DENIED},
        Stack{"SufficientAlone", "sufficient", false, "", PAM_PERM_DENIED, PAM_PERM_DENIED}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace twinlock::test
