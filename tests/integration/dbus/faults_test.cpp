// SPDX-License-Identifier: MIT
//
// What the daemon does when something beside it ends or misbehaves.
#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

using ::testing::HasSubstr;

class Faults : public DaemonTest {};

// S45, S139
TEST_F(Faults, ALostBusEndsTheDaemonWithAnError) {
  start();
  bus_->process().signal(SIGKILL);
  EXPECT_EQ(daemon_->wait(), 75);
  EXPECT_THAT(log(), HasSubstr("the connection is lost"));
}

TEST_F(Faults, ARequestToEndAnswersWhatWasAccepted) {
  start();
  const auto bus = root();
  constexpr int kCalls = 64;
  int answered = 0;
  for (int i = 0; i < kCalls; ++i) {
    const auto message =
        new_call(bus.get(), daemon_name(), wire::kAdministrationInterface, "Policy");
    const auto count = [](sd_bus_message*, void* counter, sd_bus_error*) {
      ++*static_cast<int*>(counter);
      return 0;
    };
    sd_bus_call_async(bus.get(), nullptr, message.get(), count, &answered, 60ULL * 1000 * 1000);
  }
  sd_bus_flush(bus.get());
  daemon_->signal(SIGTERM);
  EXPECT_EQ(daemon_->wait(), 0);
  // Each got something: its answer, or the bus's word that the daemon is gone.
  while (answered < kCalls) {
    const int processed = sd_bus_process(bus.get(), nullptr);
    ASSERT_GE(processed, 0);
    if (processed == 0) {
      ASSERT_GT(sd_bus_wait(bus.get(), 30ULL * 1000 * 1000), 0);
    }
  }
  EXPECT_THAT(log(), HasSubstr("daemon-stopped"));
}

// S147
TEST_F(Faults, AReloadWithBadSettingsChangesNothing) {
  start();
  configure("[limits]\ntotp_window = 7\n");
  daemon_->signal(SIGHUP);
  await_notification("READY=1");
  EXPECT_EQ(begin(root().get(), fresh_nonce(), "nobody").error, "");
  daemon_->signal(SIGTERM);
  EXPECT_EQ(daemon_->wait(), 0);
  EXPECT_THAT(log(), HasSubstr("limits.totp_window: found 7"));
  EXPECT_THAT(log(), HasSubstr("configuration-rejected"));
}

TEST_F(Faults, AReloadWithGoodSettingsTakesEffectAtOnce) {
  start();
  const auto bus = root();
  demand_factor(bus.get());
  EXPECT_EQ(begin(bus.get(), fresh_nonce(), "nobody").kind, 1U);
  configure("[[policy.rule]]\nname = \"nobody\"\naction = \"exempt\"\nusers = [\"nobody\"]\n");
  daemon_->signal(SIGHUP);
  await_notification("READY=1");
  EXPECT_EQ(begin(bus.get(), fresh_nonce(), "nobody").kind, 6U);
}

// S34: a caller whose uid can't be told any more is nobody, and never root.
TEST_F(Faults, CallersThatGoAwayAreNotTakenForRoot) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to call as others";
  start();
  demand_factor(root().get());
  constexpr int kRounds = 10000;
  (void)as_uid(kNobody, [this]() -> std::string {
    for (int i = 0; i < kRounds; ++i) {
      const auto bus = connect(address());
      if (!bus) continue;
      const auto message =
          new_call(bus.get(), wire::kBusName, wire::kAdministrationInterface, "SetPolicy");
      sd_bus_message_append(message.get(), "s", "none");
      sd_bus_send(bus.get(), message.get(), nullptr);
      // Flushed and closed by ~Bus: gone when the daemon asks who it was.
    }
    return "";
  });
  auto reply = call(root().get(), wire::kAdministrationInterface, "Policy");
  const char* policy = "";
  sd_bus_message_read(reply.message.get(), "s", &policy);
  EXPECT_STREQ(policy, "all-applications");
}

// S123
TEST_F(Faults, ACrashLeavesNoCore) {
  start();
  std::ifstream limits("/proc/" + std::to_string(daemon_->pid()) + "/limits");
  std::string line;
  while (std::getline(limits, line) && line.rfind("Max core file size", 0) != 0) {
  }
  EXPECT_THAT(line, ::testing::ContainsRegex("Max core file size +0 +0"));
}

}  // namespace
}  // namespace twinlock::testing
