// SPDX-License-Identifier: MIT
//
// Root's commands where the user of the daemon could put something in their way.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/integration/dbus/private_bus.h"

namespace twinlock::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr uid_t kDaemon = 12345;

// A key and a state directory of the daemon's, side by side in a directory of root's.
class Maintenance : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    make_directory("state");
    ASSERT_EQ(run({"generate-key", at("key")}), 0) << said();
    give("key");
    give("state");
    configure("state", "key");
  }

  [[nodiscard]] std::string at(const std::string& name) const { return directory_ / name; }
  void make_directory(const std::string& name) const {
    ASSERT_EQ(mkdir(at(name).c_str(), 0700), 0) << name;
  }
  void give(const std::string& name, uid_t owner = kDaemon) const {
    ASSERT_EQ(chown(at(name).c_str(), owner, owner), 0) << name;
  }
  void configure(const std::string& state, const std::string& key) const {
    write_file(at("t.toml"),
               "[store]\ndirectory = \"" + at(state) + "\"\n[keys]\nfile = \"" + at(key) + "\"\n");
  }
  // The exit status of twinlockd with these words.
  int run(const std::vector<std::string>& words) const { return run_program(TWINLOCKD, words); }
  int command(const std::string& name) const { return run({name, "--config", at("t.toml")}); }
  int command_of_the_daemons_user(const std::string& name) const {
    const auto uid = std::to_string(kDaemon);
    return run_program("/usr/bin/setpriv",
                       {"--reuid",
                        uid,
                        "--regid",
                        uid,
                        "--clear-groups",
                        TWINLOCKD,
                        name,
                        "--config",
                        at("t.toml")});
  }
  [[nodiscard]] std::string said() const { return read_file(at("tool.log")); }
  [[nodiscard]] std::vector<std::string> files_in(const std::string& name) const {
    std::vector<std::string> found;
    for (const auto& file : fs::directory_iterator(at(name)))
      found.push_back(file.path().filename());
    return found;
  }

 private:
  int run_program(const std::string& program, const std::vector<std::string>& words) const {
    fs::remove(at("tool.log"));  // it would be written on
    Process tool(program, words, at("tool.log"));
    return tool.wait();
  }

  ScratchDirectory directory_;
};

TEST_F(Maintenance, MakesAStoreThatBelongsToTheDaemonsUser) {
  ASSERT_EQ(command("create-store"), 0) << said();
  struct stat status {};
  for (const auto& name : files_in("state")) {
    ASSERT_EQ(lstat(at("state/" + name).c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, kDaemon) << name;
  }
  EXPECT_EQ(command("list-keys"), 0) << said();
}

// Between root's look and root's write, its owner could put a link in the place of the directory.
TEST_F(Maintenance, ChangesNoKeyFileThatSomebodyElseCouldMove) {
  ASSERT_EQ(command("create-store"), 0) << said();
  make_directory("theirs");
  fs::rename(at("key"), at("theirs/key"));
  give("theirs");
  configure("state", "theirs/key");
  const auto before = read_file(at("theirs/key"));
  for (const char* name : {"rotate-key", "list-keys", "create-store", "accept-restored-store"}) {
    EXPECT_EQ(command(name), 66) << name;
    EXPECT_THAT(said(), HasSubstr(at("theirs") + ": belongs to uid 12345")) << name;
    EXPECT_THAT(said(), HasSubstr("run this command as uid 12345")) << name;
  }
  EXPECT_EQ(run({"generate-key", at("theirs/more")}), 66);
  EXPECT_EQ(read_file(at("theirs/key")), before);
  EXPECT_EQ(files_in("theirs"), std::vector<std::string>{"key"});

  EXPECT_EQ(command_of_the_daemons_user("rotate-key"), 0) << said();
  EXPECT_NE(read_file(at("theirs/key")), before);
}

TEST_F(Maintenance, TouchesNoStoreThatSomebodyElseCouldMove) {
  make_directory("theirs");
  make_directory("theirs/state");
  give("theirs/state");
  give("theirs");
  configure("theirs/state", "key");
  for (const char* name : {"create-store", "accept-restored-store", "list-keys"}) {
    EXPECT_EQ(command(name), 69) << name;
    EXPECT_THAT(said(), HasSubstr(at("theirs") + ": belongs to uid 12345")) << name;
  }
  EXPECT_TRUE(files_in("theirs/state").empty());
}

TEST_F(Maintenance, FollowsNoLinkThatSomebodyElseCouldChange) {
  make_directory("theirs");
  fs::create_directory_symlink(at("state"), at("theirs/link"));
  give("theirs");
  configure("theirs/link", "key");
  EXPECT_EQ(command("create-store"), 69);
  EXPECT_TRUE(files_in("state").empty());
  fs::create_directory_symlink(at("state"), at("link"));
  configure("link", "key");
  EXPECT_EQ(command("create-store"), 0) << said();
}

// The daemon could not use it, and would say so only at its start.
TEST_F(Maintenance, MakesNoStoreInADirectoryOfRootsForADaemonOfAnotherUser) {
  give("state", 0);
  EXPECT_EQ(command("create-store"), 69);
  EXPECT_THAT(said(), HasSubstr(at("state") + ": belongs to root, and " + at("key") + " to uid"));
  EXPECT_THAT(said(), HasSubstr("run: chown 12345 " + at("state") + " && chmod 700 "));
  EXPECT_TRUE(files_in("state").empty());
  give("state");
  EXPECT_EQ(command("create-store"), 0) << said();
}

TEST_F(Maintenance, TakesNoRestoredStoreInADirectoryOfRootsForADaemonOfAnotherUser) {
  ASSERT_EQ(command("create-store"), 0) << said();
  give("state", 0);
  const auto before = read_file(at("state/store.db"));
  EXPECT_EQ(command("accept-restored-store"), 69);
  EXPECT_THAT(
      said(),
      HasSubstr(at("state") + ": belongs to root, and " + at("state/store.db") + " to uid"));
  EXPECT_EQ(read_file(at("state/store.db")), before);
  give("state");
  EXPECT_EQ(command("accept-restored-store"), 0) << said();
}

TEST_F(Maintenance, SaysHowToMakeTheDirectoryThatIsMissing) {
  configure("none", "key");
  EXPECT_EQ(command("create-store"), 69);
  EXPECT_THAT(said(), HasSubstr(at("none") + ": there is no such directory"));
  EXPECT_THAT(said(), HasSubstr("install -d -o 12345 -m 700 " + at("none")));
}

TEST_F(Maintenance, ListsKeysWithoutMakingAFile) {
  ASSERT_EQ(command("create-store"), 0) << said();
  fs::remove(at("state/lock"));
  const auto before = files_in("state");
  EXPECT_EQ(command("list-keys"), 0) << said();
  EXPECT_EQ(files_in("state"), before);
}

}  // namespace
}  // namespace twinlock::testing
