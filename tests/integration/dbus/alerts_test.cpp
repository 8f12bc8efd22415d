// SPDX-License-Identifier: MIT
//
// Alerts that no call brings about: each can be provoked, and is told once (S129).
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Alerts : public DaemonTest {
 protected:
  // Alerts are looked for at each beat of the housekeeping, which goes by the watchdog.
  void SetUp() override { environment_.emplace_back("WATCHDOG_USEC=1500000"); }

  // The records of one kind of event, as JSON, each a line.
  [[nodiscard]] std::vector<std::string> recorded(const std::string& event) const {
    const auto reply =
        call(root().get(), wire::kAdministrationInterface, "ReadLog", [](sd_bus_message* message) {
          sd_bus_message_append(message, "tus", std::uint64_t{0}, 1000U, "");
        });
    EXPECT_EQ(reply.error, "");
    std::vector<std::string> found;
    const char* record = nullptr;
    sd_bus_message_enter_container(reply.message.get(), 'a', "s");
    while (sd_bus_message_read_basic(reply.message.get(), 's', &record) > 0) {
      if (std::string(record).find('"' + event + '"') != std::string::npos) {
        found.emplace_back(record);
      }
    }
    return found;
  }
  // The housekeeping has come round as often since the call.
  void await_beats(int count) {
    skip_notifications();
    for (int i = 0; i < count; ++i) await_notification("WATCHDOG=1");
  }
  [[nodiscard]] std::size_t times_in_log(const std::string& text) const {
    const auto all = log();
    std::size_t times = 0;
    for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++times;
    return times;
  }
};

// S90, S129
TEST_F(Alerts, AClockThatIsBehindIsTold) {
  start();
  stop_daemon();
  const std::string ahead =
      sql("UPDATE audit_head SET latest_time = latest_time + 3600 * 1000;"
          "SELECT changes()");
  ASSERT_EQ(ahead, "1");
  start_daemon();
  await_log("clock-behind");
  await_beats(3);
  const auto records = recorded("clock-behind");
  ASSERT_EQ(records.size(), 1U) << "once, not at each look";
  EXPECT_THAT(records.front(), HasSubstr(R"("severity":"alert")"));
  EXPECT_THAT(records.front(), ::testing::ContainsRegex(R"("detail":"3[56][0-9][0-9] s behind")"));
  EXPECT_EQ(times_in_log("the clock is 3"), 1U);
  EXPECT_THAT(recorded("audit-gap"), IsEmpty());
}

// S127, S129
TEST_F(Alerts, ARecordThatWasChangedIsToldAfterTheNextStart) {
  start();
  demand_factor(root().get());
  EXPECT_THAT(recorded("audit-gap"), IsEmpty());
  stop_daemon();
  ASSERT_EQ(sql("UPDATE audit SET actor = 'uid 1000' WHERE sequence = 2; SELECT changes()"), "1");
  start_daemon();
  await_log("audit-gap");
  await_beats(3);
  const auto records = recorded("audit-gap");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_THAT(records.front(), HasSubstr("record 2 was changed"));
  EXPECT_THAT(records.front(), HasSubstr(R"("severity":"alert")"));
  EXPECT_THAT(log(), HasSubstr("the audit log is broken: record 2 was changed"));
}

// S129, S132
class AlertsOfAFullDisk : public Alerts {
 protected:
  void SetUp() override {
    Alerts::SetUp();
    // A disk with room for the reserve, of this process and what it starts alone.
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", state().c_str(), "tmpfs", 0, "size=40m,mode=0700") != 0) {
      GTEST_SKIP() << "needs root and mount namespaces";
    }
    is_mounted_ = true;
  }
  void TearDown() override {
    daemon_.reset();
    if (is_mounted_) umount2(state().c_str(), MNT_DETACH);
  }
  [[nodiscard]] std::filesystem::path state() const { return directory_ / "state"; }
  void fill() const {
    std::ofstream file(state() / "filler", std::ios::binary | std::ios::app);
    const std::string block(1024, 'x');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }

 private:
  bool is_mounted_ = false;
};

TEST_F(AlertsOfAFullDisk, AreInTheJournalAtOnceAndInTheAuditLogWhenThereIsRoom) {
  start();
  const auto bus = root();
  demand_factor(bus.get());
  const auto change_policy = [&](const char* policy) {
    (void)call(bus.get(), wire::kAdministrationInterface, "SetPolicy", [policy](auto* message) {
      sd_bus_message_append(message, "s", policy);
    });
  };
  while (log().find("the reserve is used up") == std::string::npos) {
    fill();
    change_policy("none");
    change_policy("all-applications");
  }
  fill();
  await_beats(3);
  EXPECT_EQ(times_in_log("the reserve is used up"), 1U) << "once, however many writes are refused";
  EXPECT_EQ(times_in_log("the reserve was given up, so that"), 1U);

  std::filesystem::remove(state() / "filler");
  await_log("nothing could be written");
  const auto records = recorded("store-full");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_THAT(records.front(), HasSubstr("the reserve was given up"));
  EXPECT_THAT(records.back(), HasSubstr("nothing could be written"));
  for (const auto& record : records) EXPECT_THAT(record, HasSubstr(R"("severity":"alert")"));
}

}  // namespace
}  // namespace twinlock::testing
