// SPDX-License-Identifier: MIT
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class Fairness : public DaemonTest {};

// Calls as fast as the bus takes them, until it is killed.
pid_t start_flood(uid_t uid, const std::string& address) {
  const pid_t child = fork();
  if (child != 0) return child;
  (void)as_uid(uid, [&address]() -> std::string {
    alarm(60);
    const auto bus = connect(address);
    while (bus) {
      for (int i = 0; i < 32; ++i) {
        sd_bus_message* raw = nullptr;
        sd_bus_message_new_method_call(bus.get(),
                                       &raw,
                                       wire::kBusName,
                                       wire::kObjectPath,
                                       wire::kEnrollmentInterface,
                                       "Status");
        const BusMessage message(raw);
        sd_bus_send(bus.get(), raw, nullptr);
      }
      (void)call(bus.get(), wire::kEnrollmentInterface, "Status");
    }
    return "";
  });
  _exit(0);
}

// S39: at most 250 ms at the 95th percentile.
TEST_F(Fairness, AFloodByOneUidDelaysNoLogin) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to flood as others";
  start();
  const auto flood = start_flood(kNobody, address());
  // The flood has begun once the daemon refuses some of it.
  while (error_for(kNobody, address(), wire::kEnrollmentInterface, "Status") !=
         "org.freedesktop.DBus.Error.LimitsExceeded") {
  }
  std::vector<Clock::duration> times;
  const auto bus = root();
  for (int i = 0; i < 100; ++i) {
    const auto before = Clock::now();
    EXPECT_EQ(begin(bus.get(), fresh_nonce(), "root").error, "");
    times.push_back(Clock::now() - before);
  }
  kill(flood, SIGKILL);
  waitpid(flood, nullptr, 0);
  std::sort(times.begin(), times.end());
  EXPECT_LT(times[94], 250ms);
}

}  // namespace
}  // namespace twinlock::testing
