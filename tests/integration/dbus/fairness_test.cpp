// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <vector>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A process of another uid that sends, as fast as the bus takes it, what nobody answers.
class Flood {
 public:
  using Make = std::function<BusMessage(sd_bus*)>;

  // Returns when it has begun.
  Flood(const std::string& address, const Make& make) {
    std::array<int, 2> begun{};
    if (pipe(begun.data()) != 0) throw std::runtime_error("pipe");
    pid_ = fork();
    if (pid_ == 0) {
      (void)as_uid(kNobody, [&address, &make, &begun]() -> std::string {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        const auto bus = connect(address);
        for (int sent = 0; bus != nullptr; ++sent) {
          const auto message = make(bus.get());
          sd_bus_message_set_expect_reply(message.get(), 0);
          if (sd_bus_send(bus.get(), message.get(), nullptr) < 0) break;
          if (sent % 32 == 0) sd_bus_flush(bus.get());
          if (sent == 64) [[maybe_unused]]
            const auto told = write(begun[1], "b", 1);
        }
        return "";
      });
      _exit(0);
    }
    close(begun[1]);
    char sign = 0;
    EXPECT_EQ(read(begun[0], &sign, 1), 1) << "the flood could not begin";
    close(begun[0]);
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;
  ~Flood() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_ = -1;
};

BusMessage small(sd_bus* bus) {
  return new_call(bus, wire::kBusName, wire::kEnrollmentInterface, "Status");
}

BusMessage large(sd_bus* bus) {
  static const std::string text(1U << 20U, 'x');
  auto message = new_call(bus, wire::kBusName, wire::kEnrollmentInterface, "Cancel");
  sd_bus_message_append(message.get(), "s", text.c_str());
  return message;
}

class Fairness : public DaemonTest {
 protected:
  // What 100 logins took to their prompt, the quickest first.
  std::vector<Clock::duration> logins() {
    std::vector<Clock::duration> times;
    for (int i = 0; i < 100; ++i) {
      const auto before = Clock::now();
      const auto bus = root();  // each login has a connection of its own
      EXPECT_EQ(begin(bus.get(), fresh_nonce(), "root").error, "");
      times.push_back(Clock::now() - before);
    }
    std::sort(times.begin(), times.end());
    return times;
  }
};

// S39: at most 250 ms at the 95th percentile. S141
TEST_F(Fairness, AFloodByOneUidDelaysNoLogin) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to flood as others";
  start(BusPolicy::Shipped);
  const Flood first(address(), small);
  const Flood second(address(), small);
  EXPECT_LT(logins()[94], 250ms);
}

TEST_F(Fairness, AFloodOfLargeMessagesDelaysNoLogin) {  // S39
  if (geteuid() != 0) GTEST_SKIP() << "needs root to flood as others";
  start(BusPolicy::Shipped);
  const Flood flood(address(), large);
  EXPECT_LT(logins()[94], 250ms);
}

TEST_F(Fairness, AFloodStarvesTheWatchdogOfNothing) {  // S141: a restart would be a denial
  if (geteuid() != 0) GTEST_SKIP() << "needs root to flood as others";
  environment_.emplace_back("WATCHDOG_USEC=3000000");
  start(BusPolicy::Shipped);
  const Flood flood(address(), small);
  for (int beats = 0; beats < 3; ++beats) await_notification("WATCHDOG=1");
}

// S38: what nobody could mean is refused before it is kept for its turn.
TEST_F(Fairness, ACallOfMoreThan64KiBIsRefused) {
  start();
  const auto cancel = [this](std::size_t length) {
    const std::string text(length, 'x');
    const Fill fill = [&text](auto* message) { sd_bus_message_append(message, "s", text.c_str()); };
    return call(root().get(), wire::kEnrollmentInterface, "Cancel", fill).text;
  };
  EXPECT_THAT(cancel(wire::kMaxArguments), ::testing::HasSubstr("conversation"));
  EXPECT_EQ(cancel(wire::kMaxArguments + 1), "The arguments have more than 65536 bytes.");
}

// S141: what the library answers by itself doesn't grow with what it was sent.
TEST_F(Fairness, AnotherPathIsRefusedInFewWords) {
  start();
  const auto bus = root();
  sd_bus_message* raw = nullptr;
  const auto path = '/' + std::string(60000, 'x');
  sd_bus_message_new_method_call(
      bus.get(), &raw, wire::kRootBusName, path.c_str(), wire::kEnrollmentInterface, "Status");
  const BusMessage message(raw);
  sd_bus_error error = SD_BUS_ERROR_NULL;
  EXPECT_LT(sd_bus_call(bus.get(), raw, 0, &error, nullptr), 0);
  EXPECT_STREQ(error.name, "org.freedesktop.DBus.Error.UnknownObject");
  EXPECT_STREQ(error.message, "There is only /org/twinlock/Twinlock1.");
  sd_bus_error_free(&error);
}

// S39, S141: an answer that isn't read stays in the daemon's memory, so a flood gets few.
TEST_F(Fairness, AFloodGetsFewAnswersAndOthersGetTheirs) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to flood as others";
  start(BusPolicy::Shipped);
  constexpr int kSent = 20000;
  constexpr uid_t kSomebody = 1;
  const auto answered = as_uid(kNobody, [this]() -> std::string {
    const auto bus = connect(address());
    int answers = 0;
    // The bus itself refuses to remember so many calls, and says so.
    const auto count = [](sd_bus_message* answer, void* counter, sd_bus_error*) {
      if (sd_bus_message_is_method_error(answer, nullptr) == 0) ++*static_cast<int*>(counter);
      return 0;
    };
    for (int i = 0; i < kSent; ++i) {
      const auto message = new_call(bus.get(), wire::kBusName, "org.freedesktop.DBus.Peer", "Ping");
      sd_bus_call_async(bus.get(), nullptr, message.get(), count, &answers, 600ULL * 1000 * 1000);
    }
    sd_bus_flush(bus.get());
    // Who waits for an answer of the bus itself has got every earlier one.
    sd_bus_call_method(bus.get(),
                       "org.freedesktop.DBus",
                       "/",
                       "org.freedesktop.DBus",
                       "GetId",
                       nullptr,
                       nullptr,
                       "");
    while (sd_bus_process(bus.get(), nullptr) > 0) {
    }
    return std::to_string(answers);
  });
  EXPECT_LT(std::stoi(answered), kSent / 2);
  EXPECT_EQ(error_for(kSomebody, address(), wire::kEnrollmentInterface, "Status"), "");
}

}  // namespace
}  // namespace twinlock::testing
