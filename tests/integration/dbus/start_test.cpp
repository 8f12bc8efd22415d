// SPDX-License-Identifier: MIT
//
// What must not start, and what it says.
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

using ::testing::HasSubstr;

class Start : public DaemonTest {
 protected:
  // One good start and stop, so that there is a store.
  void run_once() {
    start_daemon();
    daemon_->signal(SIGTERM);
    ASSERT_EQ(daemon_->wait(), 0) << log();
  }
};

// S147
TEST_F(Start, IsRefusedWithBadSettings) {
  start_bus();
  configure("[limits]\ntotp_windw = 1\n");
  EXPECT_EQ(run_daemon(), 78);
  EXPECT_THAT(log(), HasSubstr("t.toml:8: limits.totp_windw: found an unknown key"));
}

TEST_F(Start, IsRefusedWithoutSettings) {
  start_bus();
  std::filesystem::remove(settings_file());
  EXPECT_EQ(run_daemon(), 78);
  EXPECT_THAT(log(), HasSubstr("t.toml: can't be read"));
}

// S117, S135
TEST_F(Start, IsRefusedWithoutTheKey) {
  start_bus();
  run_once();
  std::filesystem::remove(directory_ / "key");
  EXPECT_EQ(run_daemon(), 66);
  EXPECT_THAT(log(), HasSubstr((directory_ / "key").string()));
}

// S117
TEST_F(Start, IsRefusedWithAKeyThatOthersCanRead) {
  start_bus();
  chmod((directory_ / "key").c_str(), 0440);
  EXPECT_EQ(run_daemon(), 66);
}

// S117, S135
TEST_F(Start, IsRefusedWithAnotherKey) {
  start_bus();
  run_once();
  std::filesystem::remove(directory_ / "key");
  Process key(TWINLOCKD, {"generate-key", (directory_ / "key").string()}, directory_ / "key.log");
  ASSERT_EQ(key.wait(), 0);
  EXPECT_EQ(run_daemon(), 69);
}

// A store of a newer version is left as it is.
TEST_F(Start, IsRefusedWithANewerStore) {
  start_bus();
  run_once();
  const auto path = directory_ / "state" / "store.db";
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, "PRAGMA user_version = 9999", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  const auto before = read_file(path);
  EXPECT_EQ(run_daemon(), 69);
  EXPECT_EQ(read_file(path), before);
}

// S134
TEST_F(Start, IsRefusedWhereTheStoreIsGone) {
  start_bus();
  run_once();
  std::filesystem::remove(directory_ / "state" / "store.db");
  EXPECT_EQ(run_daemon(), 69);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "state" / "store.db"));
}

TEST_F(Start, IsRefusedWhereAnotherDaemonRuns) {
  start();
  EXPECT_EQ(run_daemon(), 69);
  EXPECT_EQ(begin(root().get(), fresh_nonce(), "nobody").error, "");
}

TEST_F(Start, IsRefusedWithoutABus) {
  start_bus();
  bus_->process().signal(SIGKILL);
  (void)bus_->process().wait();
  EXPECT_EQ(run_daemon(), 71);
  EXPECT_THAT(log(), HasSubstr("the system bus"));
}

TEST_F(Start, SaysWhatIsWrongWithArguments) {
  Process unknown(TWINLOCKD, {"sevre"}, directory_ / "arguments.log");
  EXPECT_EQ(unknown.wait(), 64);
  Process version(TWINLOCKD, {"--version"}, directory_ / "version.log");
  EXPECT_EQ(version.wait(), 0);
  EXPECT_THAT(read_file(directory_ / "version.log"), HasSubstr("twinlockd 0."));
}

TEST_F(Start, IsTriedByCheckConfig) {
  start_bus();
  Process good(TWINLOCKD, {"check-config", "--config", settings_file()}, directory_ / "good.log");
  EXPECT_EQ(good.wait(), 0);
  configure("[limits]\ntotp_window = 2\n");
  Process bad(TWINLOCKD, {"check-config", "--config", settings_file()}, directory_ / "bad.log");
  EXPECT_EQ(bad.wait(), 78);
  EXPECT_THAT(read_file(directory_ / "bad.log"), HasSubstr("found 2"));
}

// S118: what is sealed under the old key stays readable, and is sealed under the new one.
TEST_F(Start, AfterARotationOfTheKeyKnowsBothKeys) {
  start();
  std::string seed;
  {
    const auto bus = root();
    demand_factor(bus.get());
    seed = enroll(bus.get(), "nobody");
  }
  Process rotate(TWINLOCKD, {"rotate-key", "--config", settings_file()}, directory_ / "key.log");
  ASSERT_EQ(rotate.wait(), 0) << read_file(directory_ / "key.log");
  daemon_->signal(SIGHUP);
  await_notification("READY=1");
  const auto bus = root();
  const auto asked = begin(bus.get(), fresh_nonce(), "nobody");
  EXPECT_EQ(answer(bus.get(), asked, fresh_nonce(), totp(seed)).kind, 5U);
}

}  // namespace
}  // namespace twinlock::testing
