// SPDX-License-Identifier: MIT
//
// The deadlines of BusTimes, shortened: 5 s of silence are 200 ms here.
#include "pam_module/bus_login_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/pam/private_bus.h"
#include "tests/integration/pam/scripted_daemon.h"
#include "tests/unit/pam_module/listening_bus.h"

namespace twinlock::pam {
namespace {

using namespace std::chrono_literals;
using test::Action;
using test::Call;
using test::ScriptedDaemon;

// Each test shortens the one time that it sees pass; the others outlast any delay of the machine.
constexpr BusTimes kLong{
    .connect = 60s, .call = 60s, .retry = 60s, .between_tries = 20ms, .cancel = 60s};
constexpr auto kMuchLess = 30s;

constexpr BusTimes short_connect() {
  auto times = kLong;
  times.connect = times.retry = 200ms;
  return times;
}

LoginContext alice() {
  LoginContext context;
  context.user = "alice";
  context.service = "sshd";
  return context;
}

class BusLoginServiceTest : public testing::Test {
 protected:
  BusLoginService service(const BusTimes& times = kLong,
                          std::chrono::milliseconds whole = 600s) const {
    return {bus_.address(), std::chrono::steady_clock::now() + whole, times};
  }

  test::PrivateBus bus_;
};

TEST_F(BusLoginServiceTest, GivesUpOnACallAtItsDeadline) {  // S23
  const ScriptedDaemon daemon(bus_.address(),
                              [](const Call&) -> Action { return {.way = Action::Way::Silence}; });
  auto times = kLong;
  times.call = 1s;
  auto login = service(times);
  const auto started = std::chrono::steady_clock::now();
  const auto step = login.begin(alice());
  ASSERT_FALSE(step);
  EXPECT_GE(std::chrono::steady_clock::now() - started, times.call);
  EXPECT_EQ(daemon.calls("Begin").size(), 1U);  // late is not gone: no second call
}

TEST_F(BusLoginServiceTest, KeepsToTheDeadlineOfTheWholeLogin) {  // S23
  const ScriptedDaemon daemon(bus_.address(),
                              [](const Call&) -> Action { return {.way = Action::Way::Silence}; });
  auto login = service(kLong, 100ms);
  const auto started = std::chrono::steady_clock::now();
  EXPECT_FALSE(login.begin(alice()));
  EXPECT_LT(std::chrono::steady_clock::now() - started, kMuchLess);
}

TEST_F(BusLoginServiceTest, GivesUpOnADaemonThatStaysAway) {  // S41
  const ScriptedDaemon daemon(bus_.address(), [](const Call&) -> Action {
    return {.way = Action::Way::Vanish, .away = 60s};
  });
  auto times = kLong;
  times.retry = 400ms;
  auto login = service(times);
  const auto started = std::chrono::steady_clock::now();
  const auto step = login.begin(alice());
  const auto took = std::chrono::steady_clock::now() - started;
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, ErrorCode::NotFound);
  EXPECT_GE(took, times.retry - 2 * times.between_tries);
  EXPECT_LT(took, kMuchLess);
}

TEST_F(BusLoginServiceTest, DoesNotWaitForADaemonThatWasNeverThere) {  // P9
  auto login = service();
  const auto started = std::chrono::steady_clock::now();
  const auto step = login.begin(alice());
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, ErrorCode::NotFound);
  EXPECT_LT(std::chrono::steady_clock::now() - started, kMuchLess);
}

TEST_F(BusLoginServiceTest, CancelsOnlyAConversationThatAsks) {
  const ScriptedDaemon daemon(bus_.address(), test::grants_for("123456"));
  auto asked = service();
  EXPECT_TRUE(asked.begin(alice()));
  asked.cancel();
  asked.cancel();
  const auto cancels = daemon.calls("Cancel");
  ASSERT_EQ(cancels.size(), 1U);
  EXPECT_EQ(cancels[0].conversation, "conversation-1");

  auto decided = service();
  EXPECT_TRUE(decided.begin(alice()));
  EXPECT_TRUE(decided.answer(Secret(std::string_view("123456"))));
  decided.cancel();
  EXPECT_EQ(daemon.calls("Cancel").size(), 1U);
}

TEST(BusLoginServiceAlone, GivesUpOnABusThatDoesNotGreet) {  // S23: connect has its own deadline
  const test::ListeningBus bus;
  BusLoginService login(bus.address(), std::chrono::steady_clock::now() + 600s, short_connect());
  const auto started = std::chrono::steady_clock::now();
  EXPECT_FALSE(login.begin(alice()));
  const auto took = std::chrono::steady_clock::now() - started;
  EXPECT_GE(took, short_connect().connect);
  EXPECT_LT(took, kMuchLess);
}

TEST(BusLoginServiceAlone, GivesUpOnABusThatTakesNoMoreConnections) {
  const test::ListeningBus bus(1);  // listen(2): there is room for two that wait
  BusLoginService first(bus.address(), std::chrono::steady_clock::now() + 600s, short_connect());
  EXPECT_FALSE(first.begin(alice()));
  for (int i = 0; i < 4; ++i) {
    BusLoginService login(bus.address(), std::chrono::steady_clock::now() + 600s, short_connect());
    EXPECT_FALSE(login.begin(alice()));
  }
}

TEST(BusLoginServiceAlone, SaysThatThereIsNoBus) {
  BusLoginService login(
      "unix:path=/nonexistent/bus", std::chrono::steady_clock::now() + 600s, short_connect());
  const auto step = login.begin(alice());
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, ErrorCode::NotFound);
}

TEST(Owner, IsRootAndNobodyWithoutTheAccount) {  // S11
  TrustedOwner trusted;
  EXPECT_TRUE(trusted.contains(0));
  EXPECT_FALSE(trusted.contains(65534));
  EXPECT_FALSE(trusted.contains(static_cast<uid_t>(-1)));
}

}  // namespace
}  // namespace twinlock::pam
