// SPDX-License-Identifier: MIT
//
// twinlockd beside another process of its store, which writes without a pause and is killed.
#include <gmock/gmock.h>
#include <unistd.h>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"
#include "tests/integration/store/neighbour.h"

namespace twinlock::testing {
namespace {

using ::testing::HasSubstr;

constexpr auto kHidden = static_cast<std::uint32_t>(wire::StepKind::PromptHidden);
constexpr auto kGranted = static_cast<std::uint32_t>(wire::StepKind::Granted);
constexpr const char* kUser = "nobody";

class TwoProcessesOnTheBus : public DaemonTest {
 protected:
  void start_beside() {
    neighbour_ = std::make_unique<Neighbour>(
        (directory_ / "state").string(), (directory_ / "key").string(), "http");
  }
  static std::string finding_of_the_log(sd_bus* bus) {
    const auto verified = call(bus, wire::kAdministrationInterface, "VerifyLog");
    EXPECT_EQ(verified.error, "") << verified.text;
    std::uint64_t records = 0;
    const char* finding = nullptr;
    sd_bus_message_read(verified.message.get(), "ts", &records, &finding);
    return finding == nullptr ? "no answer" : finding;
  }
  std::unique_ptr<Neighbour> neighbour_;
};

TEST_F(TwoProcessesOnTheBus, LoginsGoOnWhateverHappensToTheOther) {  // S130
  start();
  const auto bus = root();
  demand_factor(bus.get());
  const auto seed = enroll(bus.get(), kUser);
  for (int n = 0; n < 10; ++n) {
    start_beside();
    neighbour_->await_records(10);
    const auto asked = begin(bus.get(), fresh_nonce(), kUser);
    ASSERT_EQ(asked.kind, kHidden) << asked.error;
    neighbour_->kill();
    EXPECT_EQ(call(bus.get(), wire::kAdministrationInterface, "DaemonStatus").error, "");
  }
  start_beside();
  const auto asked = begin(bus.get(), fresh_nonce(), kUser);
  EXPECT_EQ(answer(bus.get(), asked, fresh_nonce(), totp(seed)).kind, kGranted);
  neighbour_->await_records(10);
  EXPECT_EQ(finding_of_the_log(bus.get()), "");
}

TEST_F(TwoProcessesOnTheBus, TheOtherGoesOnWhateverHappensToIt) {  // S130
  start();
  start_beside();
  for (int n = 0; n < 5; ++n) {
    daemon_->signal(SIGKILL);
    EXPECT_EQ(daemon_->wait(), -SIGKILL);
    neighbour_->await_records(50);
    start_daemon();
    EXPECT_EQ(begin(root().get(), fresh_nonce(), kUser).error, "");
  }
  EXPECT_EQ(finding_of_the_log(root().get()), "");
}

TEST_F(TwoProcessesOnTheBus, ACommandThatNeedsTheStoreForItselfSaysWhoHasIt) {  // S119
  start();
  start_beside();
  Process accept(TWINLOCKD,
                 {"accept-restored-store", "--config", settings_file()},
                 directory_ / "command.log");
  EXPECT_EQ(accept.wait(), 69);
  const auto said = read_file(directory_ / "command.log");
  EXPECT_THAT(said, HasSubstr("serve --bus, process " + std::to_string(daemon_->pid())));
  EXPECT_THAT(said, HasSubstr("serve --http, process " + std::to_string(neighbour_->pid())));
}

TEST_F(TwoProcessesOnTheBus, AKeyIsNotDroppedWhileAProcessSealsUnderIt) {  // S118
  start();
  start_beside();
  const auto tool = [this](const std::vector<std::string>& words) {
    auto all = words;
    all.insert(all.begin() + 1, {"--config", settings_file()});
    return Process(TWINLOCKD, all, directory_ / "command.log").wait();
  };
  ASSERT_EQ(tool({"rotate-key"}), 0);
  // The neighbour keeps writing under the first key, whatever the daemon does, until it meets the
  // second one.
  EXPECT_EQ(tool({"drop-key", "1"}), 65);
  daemon_->signal(SIGHUP);
  await_notification("READY=1");
  neighbour_->await_records(500);
  EXPECT_EQ(tool({"drop-key", "1"}), 65) << "the log names it";
  EXPECT_EQ(finding_of_the_log(root().get()), "");
}

}  // namespace
}  // namespace twinlock::testing
