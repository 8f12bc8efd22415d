// SPDX-License-Identifier: MIT
//
// What the person is asked, answers, and what of it is sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "tests/integration/pam/module_fixture.h"

namespace twinlock::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(PamModule, NamesItsOwnPromptAndKeepsTextsHarmless) {  // S21
  const ScriptedDaemon daemon(
      bus_.address(),
      then({.kind = 7, .text = "no\x1b[2J", .messages = {{2, std::string(600, 'x')}}}));
  PamLogin login("sshd", "alice", line("required", "[prompt=Einmal code:]"));
  login.answers = {"1"};
  EXPECT_EQ(login.authenticate(), PAM_AUTH_ERR);
  EXPECT_THAT(login.texts(PAM_PROMPT_ECHO_OFF), ElementsAre("Einmal code: "));
  EXPECT_THAT(login.texts(PAM_ERROR_MSG), ElementsAre(std::string(512, 'x'), "no[2J"));
}

TEST_F(PamModule, SendsNothingWhereNobodyAnswers) {  // S04
  const ScriptedDaemon daemon(bus_.address(), grants_for(""));
  for (const auto& answers : {std::deque<std::string>{}, {""}, {std::string(512, '1')}, {"1\n"}}) {
    EXPECT_EQ(login(answers), PAM_CONV_ERR);
  }
  EXPECT_THAT(daemon.calls("Answer"), IsEmpty());
  EXPECT_EQ(daemon.calls("Cancel").size(), 4U);
}

TEST_F(PamModule, TakesNoReplayedPasswordForAnAnswer) {  // S05
  const ScriptedDaemon daemon(bus_.address(), grants_for("hunter2"));
  PamLogin login("sshd", "alice", kFirstFactor + line());
  login.answers = {"hunter2", "hunter2"};
  EXPECT_EQ(login.authenticate(), PAM_AUTH_ERR);
  EXPECT_THAT(daemon.calls("Answer"), IsEmpty());
  EXPECT_EQ(daemon.calls("Cancel").size(), 1U);
}

TEST_F(PamModule, AsksForTheCodeBehindAPassword) {  // S05
  const ScriptedDaemon daemon(bus_.address(), grants_for("123456"));
  PamLogin login("sshd", "alice", kFirstFactor + line());
  login.answers = {"hunter2", "123456"};
  EXPECT_EQ(login.authenticate(), PAM_SUCCESS);
}

TEST_F(PamModule, TakesAUserChangedUnderwayForAStranger) {  // S13
  const ScriptedDaemon daemon(bus_.address(), grants_for("123456"));
  PamLogin login("sshd", "alice", line());
  login.person = [&login](const pam_message&, pam_response** reply) {
    login.set(PAM_USER, "root");
    *reply = reply_with("123456");
    return PAM_SUCCESS;
  };
  EXPECT_EQ(login.authenticate(), PAM_AUTH_ERR);
}

// S03, S10: a mistyped option denies, without the daemon.
TEST_F(PamModule, RefusesEveryLoginWhereItsArgumentsAreWrong) {
  const ScriptedDaemon daemon(bus_.address(), decides(5));
  for (const char* const more : {"timout=30", "timeout=5", "nullok", "debug debug"}) {
    PamLogin login("sshd", "alice", line("required", more));
    EXPECT_EQ(login.authenticate(), PAM_SERVICE_ERR) << more;
    EXPECT_THAT(login.texts(PAM_ERROR_MSG), ElementsAre("Second factor unavailable."));
  }
  EXPECT_THAT(daemon.calls(), IsEmpty());
}

}  // namespace
}  // namespace twinlock::test
