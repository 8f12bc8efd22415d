// SPDX-License-Identifier: MIT
//
// Replies, and a daemon, that are not the ones the module asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tests/integration/pam/module_fixture.h"

namespace twinlock::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using Way = Action::Way;

// S01, S03, S11, S145: none of these is an answer to our call.
struct Foreign {
  const char* name;
  Action action;
};

class ForeignReply : public PamModule, public testing::WithParamInterface<Foreign> {};

TEST_P(ForeignReply, NeverGrants) {  // S01, S03, S11
  const auto& action = GetParam().action;
  EXPECT_EQ(login([&action](const Call&) { return action; }), PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(login(then(action)), PAM_AUTHINFO_UNAVAIL);
  EXPECT_THAT(login_->texts(PAM_ERROR_MSG), ElementsAre("Second factor unavailable."));
  EXPECT_THAT(login_->delays, Each(0U));  // P9: nobody guessed, nobody waits
}

INSTANTIATE_TEST_SUITE_P(
    S11,
    ForeignReply,
    testing::Values(Foreign{"WithAnotherNonce", {.kind = 5, .nonce = Bytes(16, 7)}},
                    Foreign{"WithNoNonce", {.kind = 5, .nonce = Bytes()}},
                    Foreign{"WithALongerNonce", {.kind = 5, .nonce = Bytes(17, 7)}},
                    Foreign{"AboutAnotherUser", {.kind = 5, .user = "bob"}},
                    Foreign{"WithAnotherSignature", {.way = Way::AnotherSignature, .kind = 5}},
                    Foreign{"ThatIsAnError", {.way = Way::BusError, .kind = 5}},
                    Foreign{"WithStepKindZero", {.kind = 0}},
                    Foreign{"OfALaterVersion", {.kind = 10}},  // S145
                    Foreign{"ThatWantsAKeyHere", {.kind = 3}},
                    Foreign{"WithoutADecision", {.kind = 9}},
                    Foreign{"WithTooLongAPrompt", {.kind = 1, .text = std::string(4097, 'x')}},
                    Foreign{"WithTooManyMessages", {.kind = 5, .messages = {33, {1, "x"}}}}),
    [](const auto& row) { return row.param.name; });

TEST_F(PamModule, BelievesNoReplyAboutAnotherConversation) {  // S01
  EXPECT_EQ(login(then({.kind = 5, .conversation = "conversation-2"})), PAM_AUTHINFO_UNAVAIL);
}

TEST_F(PamModule, BelievesNoNonceOfAnEarlierCall) {  // S11
  Bytes first;
  EXPECT_EQ(login([&first](const Call& call) -> Action {
              if (call.method != "Begin") return {.kind = 5, .nonce = first};
              first = call.nonce;
              return prompt();
            }),
            PAM_AUTHINFO_UNAVAIL);
}

TEST_F(PamModule, BelievesNoDaemonOfAnotherUid) {  // S11
  if (setegid(getegid()) != 0 || geteuid() != 0 || access("/proc/self/setgroups", F_OK) != 0) {
    GTEST_SKIP() << "needs root";
  }
  std::array<int, 2> ready{};
  std::array<int, 2> stop{};
  ASSERT_EQ(pipe(ready.data()), 0);
  ASSERT_EQ(pipe(stop.data()), 0);
  const pid_t impostor = fork();
  if (impostor == 0) {
    close(stop[1]);
    if (setresuid(65534, 65534, 65534) != 0) _exit(77);
    serve_logins(bus_.address(), decides(5), stop[0], [&ready] {
      [[maybe_unused]] const auto told = write(ready[1], "r", 1);
    });
    _exit(0);
  }
  close(ready[1]);
  char byte = 0;
  const auto started = read(ready[0], &byte, 1);
  const int code = started == 1 ? login() : PAM_AUTHINFO_UNAVAIL;
  close(stop[1]);
  close(ready[0]);
  close(stop[0]);
  int status = 0;
  waitpid(impostor, &status, 0);
  if (started != 1) GTEST_SKIP() << "needs a second uid: run as the machine's root";
  EXPECT_EQ(code, PAM_AUTHINFO_UNAVAIL);
}

}  // namespace
}  // namespace twinlock::test
