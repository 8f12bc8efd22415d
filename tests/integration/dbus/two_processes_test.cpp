// SPDX-License-Identifier: MIT
//
// twinlockd beside another process of its store, which writes without a pause and is killed.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

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

// The two units as they are installed.
class BusAndHttp : public TwoProcessesOnTheBus {
 protected:
  void start_both() {
    start_bus();
    configure("[http]\nlisten = [\"127.0.0.1:" + std::to_string(port_) + "\"]\n");
    start_daemon();
    start_http();
  }
  void start_http() {
    http_ = launch_http();
    await_notification("READY=1");
  }
  [[nodiscard]] std::unique_ptr<Process> launch_http() const {
    return std::make_unique<Process>(
        TWINLOCKD,
        std::vector<std::string>{"serve", "--http", "--config", settings_file()},
        directory_ / "http.log",
        environment_);
  }
  // Whether it answers, and can use its store.
  [[nodiscard]] bool http_is_ready() const {
    Process curl("/usr/bin/curl",
                 {"-sf", "http://127.0.0.1:" + std::to_string(port_) + "/readyz"},
                 directory_ / "curl.log");
    return curl.wait() == 0;
  }
  [[nodiscard]] std::string begin_error() const {
    return begin(root().get(), fresh_nonce(), kUser).error;
  }
  [[nodiscard]] bool is_noted_as_clean() const {
    return std::filesystem::exists(directory_ / "state" / "clean");
  }

  std::unique_ptr<Process> http_;

 private:
  // That was free a moment ago.
  static int free_port() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener, reinterpret_cast<const sockaddr*>(&address), size);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    close(listener);
    return ntohs(address.sin_port);
  }
  const int port_ = free_port();
};

TEST_F(BusAndHttp, EitherMayBeKilledAndTheOtherGoesOn) {  // S130
  start_both();
  for (int n = 0; n < 3; ++n) {
    http_->signal(SIGKILL);
    EXPECT_EQ(http_->wait(), -SIGKILL);
    EXPECT_EQ(begin_error(), "");
    start_http();
    EXPECT_TRUE(http_is_ready());

    daemon_->signal(SIGKILL);
    EXPECT_EQ(daemon_->wait(), -SIGKILL);
    EXPECT_TRUE(http_is_ready());
    start_daemon();
    EXPECT_EQ(begin_error(), "");
  }
  EXPECT_EQ(finding_of_the_log(root().get()), "");
}

TEST_F(BusAndHttp, EachIsOneProcess) {  // S119
  start_both();
  EXPECT_EQ(launch_http()->wait(), 69);
  EXPECT_EQ(run_daemon(), 69);
  EXPECT_TRUE(http_is_ready());
  EXPECT_EQ(begin_error(), "");
}

TEST_F(BusAndHttp, TheLastOneThatEndsNotesThatAllWasInOrder) {
  start_both();
  http_->signal(SIGTERM);
  EXPECT_EQ(http_->wait(), 0) << read_file(directory_ / "http.log");
  EXPECT_FALSE(is_noted_as_clean());
  stop_daemon();
  EXPECT_TRUE(is_noted_as_clean());
}

}  // namespace
}  // namespace twinlock::testing
