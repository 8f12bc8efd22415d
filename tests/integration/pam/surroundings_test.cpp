// SPDX-License-Identifier: MIT
//
// What a login leaves of itself in the program that asked for it: nothing.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "tests/integration/pam/module_fixture.h"
#include "tests/integration/pam/surroundings.h"

namespace twinlock::test {
namespace {

using Way = Action::Way;

TEST_F(PamModule, LeavesTheProgramAsItWas) {  // S06, S07
  const std::vector<std::pair<Action, std::deque<std::string>>> outcomes = {
      {{.kind = 5}, {"123456"}},
      {{.kind = 7}, {"123456"}},
      {{.kind = 8}, {"123456"}},
      {{.kind = 5}, {}},
      {{.kind = 5}, {""}},
      {{.kind = 99}, {"123456"}},
      {{.kind = 5, .nonce = Bytes(16, 7)}, {"123456"}},
      {{.way = Way::BusError}, {"123456"}},
      {{.way = Way::AnotherSignature}, {"123456"}},
  };
  std::atomic<std::size_t> round{0};
  const ScriptedDaemon daemon(bus_.address(), [&round, &outcomes](const Call& call) {
    return call.method == "Begin" ? prompt() : outcomes[round % outcomes.size()].first;
  });
  std::optional<Surroundings> before;  // once the libraries are loaded
  for (; round < 1000; ++round) {
    PamLogin login("sudo", "alice", line());
    login.answers = outcomes[round % outcomes.size()].second;
    if (round == outcomes.size()) before = look_around();
    login.authenticate(PAM_SILENT);
    if (before) {
      ASSERT_TRUE(look_around() == *before) << "round " << round;
    }
  }
}

TEST_F(PamModule, OpensNothingThatAChildWouldInherit) {  // S07
  const ScriptedDaemon daemon(bus_.address(), grants_for("123456"));
  PamLogin login("sudo", "alice", line());
  const auto before = look_around().descriptors;
  // Seen from within: while the module asks, nothing of it is open at all (S12).
  login.person = [&before](const pam_message&, pam_response** reply) {
    EXPECT_EQ(look_around().descriptors, before);
    *reply = reply_with("123456");
    return PAM_SUCCESS;
  };
  EXPECT_EQ(login.authenticate(), PAM_SUCCESS);
}

}  // namespace
}  // namespace twinlock::test
