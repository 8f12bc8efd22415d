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
  // Past the daemon, which doesn't run.
  void change_store(const char* statement) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((directory_ / "state" / "store.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, statement, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
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
  change_store("PRAGMA user_version = 9999");
  const auto path = directory_ / "state" / "store.db";
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
  EXPECT_THAT(log(), HasSubstr("the bus: "));
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
  EXPECT_THAT(log(), HasSubstr("key-rotated"));
}

class Keys : public Start {
 protected:
  // A command that has an id as its last argument, or none; its exit status.
  int run_tool(const char* command, const char* id = nullptr) {
    std::vector<std::string> words{command, "--config", settings_file()};
    if (id != nullptr) words.emplace_back(id);
    std::filesystem::remove(directory_ / "tool.log");  // it would be written on
    Process tool(TWINLOCKD, words, directory_ / "tool.log");
    return tool.wait();
  }
  [[nodiscard]] std::string said() const { return read_file(directory_ / "tool.log"); }
};

// S118
TEST_F(Keys, AreListedWithWhatNeedsThemWhileTheDaemonRuns) {
  start();
  demand_factor(root().get());
  enroll(root().get(), "nobody");
  ASSERT_EQ(run_tool("list-keys"), 0) << said();
  EXPECT_THAT(said(), HasSubstr("key 1, current: 1 seed, "));
  EXPECT_EQ(begin(root().get(), fresh_nonce(), "nobody").error, "") << "nobody was disturbed";
}

// S118
TEST_F(Keys, AreDroppedWhenNothingNamesThemAndNotBefore) {
  start();
  demand_factor(root().get());
  enroll(root().get(), "nobody");
  EXPECT_EQ(run_tool("drop-key", "1"), 65);
  EXPECT_THAT(said(), HasSubstr("key 1 is the current one"));
  ASSERT_EQ(run_tool("rotate-key"), 0) << said();
  EXPECT_EQ(run_tool("drop-key", "1"), 65);
  EXPECT_THAT(said(), HasSubstr("the daemon doesn't seal under key 2 yet"));

  daemon_->signal(SIGHUP);
  await_notification("READY=1");
  daemon_->signal(SIGTERM);
  ASSERT_EQ(daemon_->wait(), 0) << log();
  start_daemon();
  daemon_->signal(SIGTERM);
  ASSERT_EQ(daemon_->wait(), 0) << log();
  const auto key_file = read_file(directory_ / "key");
  EXPECT_EQ(run_tool("drop-key", "1"), 65);
  EXPECT_THAT(said(), HasSubstr("key 1 is still needed for "));
  EXPECT_THAT(said(), HasSubstr(" audit records. "));
  EXPECT_EQ(read_file(directory_ / "key"), key_file);
  EXPECT_EQ(run_tool("drop-key", "7"), 65);
  EXPECT_THAT(said(), HasSubstr("there is no key 7"));

  change_store("UPDATE audit SET key = 2");  // as if the old records were gone
  EXPECT_EQ(run_tool("drop-key", "1"), 0) << said();
  ASSERT_EQ(run_tool("list-keys"), 0);
  EXPECT_THAT(said(), ::testing::StartsWith("key 2, current: 1 seed, "));
  start_daemon();
}

}  // namespace
}  // namespace twinlock::testing
