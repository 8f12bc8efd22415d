// SPDX-License-Identifier: MIT
#include "daemon/system/guarded_path.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/fakes/temporary_directory.h"

namespace twinlock {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr uid_t kSomebody = 12345;

// a/b/c below a directory of root's, all of them root's alone.
class GuardedPathTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    fs::create_directories(at("a/b/c"));
    for (const char* name : {"a", "a/b", "a/b/c"}) {
      fs::permissions(at(name), fs::perms::owner_all);
    }
  }
  [[nodiscard]] std::string at(const std::string& name) const { return root_ / name; }
  void give(const std::string& name, uid_t owner) const {
    ASSERT_EQ(lchown(at(name).c_str(), owner, owner), 0);
  }
  void let(const std::string& name, mode_t mode) const {
    ASSERT_EQ(chmod(at(name).c_str(), mode), 0);
  }
  [[nodiscard]] std::string led_to(const std::string& name, PathEnd end = PathEnd::Followed) const {
    const auto path = guarded_path(at(name), end);
    return path ? *path : "refused: " + path.error().detail;
  }
  [[nodiscard]] std::string refusal(const std::string& name,
                                    PathEnd end = PathEnd::Followed) const {
    const auto path = guarded_path(at(name), end);
    EXPECT_FALSE(path) << name;
    return path ? "" : path.error().detail;
  }

  const TemporaryDirectory root_;
};

TEST_F(GuardedPathTest, WhatIsRootsAloneIsFollowedToItsEnd) {
  fs::create_directory_symlink("../a/./b", at("a/relative"));
  fs::create_directory_symlink(at("a/relative") + "//c/", at("absolute"));
  const auto end = fs::canonical(at("a/b/c")).string();
  EXPECT_EQ(led_to("a/b/c"), end);
  EXPECT_EQ(led_to("absolute"), end);
  EXPECT_EQ(led_to("a/b/../relative/../b/c/"), end);
}

TEST_F(GuardedPathTest, TheEndMayBelongToSomebodyElse) {
  give("a/b/c", kSomebody);
  let("a/b/c", 0777);
  EXPECT_EQ(led_to("a/b/c"), at("a/b/c"));
}

TEST_F(GuardedPathTest, ADirectoryOfSomebodyElseOnTheWayIsRefused) {
  give("a", kSomebody);
  const auto why = refusal("a/b/c");
  EXPECT_THAT(why, StartsWith(at("a") + ": belongs to uid 12345"));
  EXPECT_THAT(why, HasSubstr("elsewhere than to " + at("a/b/c")));
  EXPECT_THAT(why, HasSubstr("run this command as uid 12345"));
}

TEST_F(GuardedPathTest, ALinkThatSomebodyElseCouldChangeIsRefused) {
  give("a", kSomebody);
  fs::create_directory(at("mine"));
  fs::create_directory_symlink(at("mine"), at("a/link"));
  EXPECT_EQ(led_to("mine"), at("mine"));
  EXPECT_THAT(refusal("a/link"), StartsWith(at("a") + ": belongs to uid 12345"));
}

TEST_F(GuardedPathTest, ADirectoryThatOthersMayWriteToIsRefused) {
  for (const mode_t mode : {0770U, 0707U}) {
    let("a/b", mode);
    EXPECT_THAT(refusal("a/b/c"), HasSubstr("run: chmod go-w " + at("a/b"))) << std::oct << mode;
  }
  let("a/b", 0755);
  EXPECT_EQ(led_to("a/b/c"), at("a/b/c"));
}

// As /tmp is: nobody moves what is root's there.
TEST_F(GuardedPathTest, InAStickyDirectoryWhatIsRootsIsFollowed) {
  let("a/b", 01777);
  EXPECT_EQ(led_to("a/b/c"), at("a/b/c"));
  give("a/b/c", kSomebody);
  EXPECT_THAT(refusal("a/b/c"), StartsWith(at("a/b") + ": everybody may put something there"));
  EXPECT_THAT(refusal("a/b/none", PathEnd::Kept), StartsWith(at("a/b") + ": everybody"));
}

TEST_F(GuardedPathTest, InADirectoryOfRootsAtTheEndNobodyElseMayWrite) {
  for (const mode_t mode : {0770U, 0707U, 01777U}) {
    let("a/b/c", mode);
    EXPECT_THAT(refusal("a/b/c"), StartsWith(at("a/b/c") + ": ")) << std::oct << mode;
  }
}

TEST_F(GuardedPathTest, AnEndThatIsKeptMayBeALinkOrMissing) {
  fs::create_directory_symlink(at("a"), at("link"));
  EXPECT_EQ(led_to("link", PathEnd::Kept), at("link"));
  EXPECT_EQ(led_to("link/b/none", PathEnd::Kept), at("a/b/none"));
}

TEST_F(GuardedPathTest, WhatIsMissingOrWithoutEndIsToldAsTheSystemDoes) {
  EXPECT_EQ(refusal("a/none"), at("a/none") + ": No such file or directory");
  EXPECT_EQ(refusal("a/none/file", PathEnd::Kept), at("a/none") + ": No such file or directory");
  fs::create_symlink("loop", at("a/loop"));
  EXPECT_EQ(refusal("a/loop"), at("a/loop") + ": Too many levels of symbolic links");
}

TEST_F(GuardedPathTest, WhoIsNotRootGoesWhereItsRightsGo) {
  give("a", kSomebody);
  ASSERT_EQ(seteuid(kSomebody), 0);
  const auto path = led_to("a/b/c");
  ASSERT_EQ(seteuid(0), 0);
  EXPECT_EQ(path, at("a/b/c"));
}

}  // namespace
}  // namespace twinlock
