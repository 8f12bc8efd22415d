// SPDX-License-Identifier: MIT
#include "daemon/system/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/fakes/temporary_directory.h"

namespace twinlock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr WallTime kNow{std::chrono::sys_days(std::chrono::year(2026) / 1 / 31)};
const std::string kKeyA(64, 'a');
const std::string kKeyB(64, 'B');

class KeyFileTest : public testing::Test {
 protected:
  void write(const std::string& content, mode_t mode = 0400) const {
    std::filesystem::remove(path_);
    std::ofstream(path_) << content;
    chmod(path_.c_str(), mode);
  }
  [[nodiscard]] std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  // Why it can't be used; empty if it can.
  [[nodiscard]] std::string refusal() const {
    const auto keys = read_key_file(path_);
    return keys ? std::string() : keys.error().detail;
  }

  TemporaryDirectory directory_;
  std::string path_ = directory_ / "master-key";
};

TEST_F(KeyFileTest, ANewFileHasOneKeyAndIsForItsOwnerAlone) {  // S117
  ASSERT_TRUE(create_key_file(path_, kNow));
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0400U);
  const auto keys = read_key_file(path_);
  ASSERT_TRUE(keys) << keys.error().detail;
  EXPECT_THAT(keys->ids, ElementsAre(1));
  EXPECT_THAT(content(), HasSubstr("2026-01-31T00:00:00Z"));
}

TEST_F(KeyFileTest, AFileThatIsThereIsNeverOverwritten) {
  write("1 " + kKeyA + "\n");
  const auto before = content();
  const auto made = create_key_file(path_, kNow);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::Conflict);
  EXPECT_EQ(content(), before);
}

TEST_F(KeyFileTest, TwoNewFilesHaveDifferentKeys) {
  ASSERT_TRUE(create_key_file(path_, kNow));
  const auto first = content();
  std::filesystem::remove(path_);
  ASSERT_TRUE(create_key_file(path_, kNow));
  EXPECT_NE(content(), first);
}

TEST_F(KeyFileTest, KeysCommentsAndEmptyLinesAreRead) {
  write("# a comment\n\n1 " + kKeyA + " 2025-01-01T00:00:00Z\n  7\t" + kKeyB + "\n# end");
  const auto keys = read_key_file(path_);
  ASSERT_TRUE(keys) << keys.error().detail;
  EXPECT_THAT(keys->ids, ElementsAre(1, 7));
  EXPECT_EQ(keys->key(0)[31], 0xaa);
  EXPECT_EQ(keys->key(1)[0], 0xbb);
}

TEST_F(KeyFileTest, WhatIsNoKeyFileIsRefusedWithItsLine) {  // S117
  const std::vector<std::pair<std::string, const char*>> cases{
      {"", "is empty"},
      {"# nothing but a comment\n", "holds no key"},
      {"1 " + kKeyA.substr(1) + "\n", "line 1: the key must be 64"},
      {"1 " + kKeyA + "a\n", "line 1: the key must be 64"},
      {"1 " + std::string(64, 'g') + "\n", "line 1: the key must be 64"},
      {"1\n", "line 1: the key must be 64"},
      {"1 " + std::string(64, '0') + "\n", "line 1: a key of zeros"},
      {"\n" + kKeyA + "\n", "line 2: must start with a key id"},
      {"0 " + kKeyA + "\n", "line 1: must start with a key id"},
      {"65536 " + kKeyA + "\n", "line 1: must start with a key id"},
      {"-1 " + kKeyA + "\n", "line 1: must start with a key id"},
      {"2 " + kKeyA + "\n1 " + kKeyB + "\n", "line 2: key ids must rise"},
      {"2 " + kKeyA + "\n2 " + kKeyB + "\n", "line 2: key ids must rise"},
      {std::string(70'000, '#'), "longer than 64 KiB"},
  };
  for (const auto& [text, why] : cases) {
    write(text);
    EXPECT_THAT(refusal(), HasSubstr(why));
    EXPECT_THAT(refusal(), HasSubstr(path_));
    EXPECT_THAT(refusal(), Not(HasSubstr(kKeyA.substr(0, 16)))) << "never quoted";
  }
}

TEST_F(KeyFileTest, AMissingFileSaysWhatToDo) {  // S117, S135
  EXPECT_THAT(refusal(), HasSubstr(path_));
  EXPECT_THAT(refusal(), HasSubstr("restore it"));
}

TEST_F(KeyFileTest, AFileThatOthersMayReadIsRefused) {  // S117
  for (const mode_t mode : {0440U, 0404U, 0420U, 0410U, 0402U, 0401U, 0644U, 0666U}) {
    write("1 " + kKeyA + "\n", mode);
    EXPECT_THAT(refusal(), HasSubstr("chmod 0400")) << std::oct << mode;
  }
  write("1 " + kKeyA + "\n", 0600);
  EXPECT_EQ(refusal(), "");
}

TEST_F(KeyFileTest, AFileOfAThirdUserIsRefused) {  // S117
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  write("1 " + kKeyA + "\n");
  ASSERT_EQ(chown(path_.c_str(), 12345, 12345), 0);
  EXPECT_THAT(refusal(), HasSubstr("belongs to uid 12345"));
}

TEST_F(KeyFileTest, RootAddsAKeyToTheFileOfTheDaemonsUserAndLeavesItTheirs) {  // S118
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  write("1 " + kKeyA + "\n");
  ASSERT_EQ(chown(path_.c_str(), 12345, 12345), 0);
  ASSERT_TRUE(add_key(path_, WallTime()));
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 12345U);
}

TEST_F(KeyFileTest, ASymbolicLinkIsNotFollowed) {
  write("1 " + kKeyA + "\n");
  const auto link = directory_ / "link";
  std::filesystem::create_symlink(path_, link);
  EXPECT_FALSE(read_key_file(link));
}

// systemd shows a credential to its service by an access control list, whose mask looks like group
// bits of the mode. tag, permissions, id: all little-endian (acl(5)).
std::string acl_of(std::uint8_t user_permissions, std::uint32_t uid, std::uint8_t group) {
  std::string list("\x02\0\0\0", 4);
  const auto entry = [&list](char tag, char permissions, std::uint32_t id) {
    list += {tag, 0, permissions, 0};
    for (int shift = 0; shift < 32; shift += 8) list += static_cast<char>(id >> shift);
  };
  constexpr std::uint32_t kNone = 0xffffffff;
  entry(0x01, 4, kNone);
  entry(0x02, static_cast<char>(user_permissions), uid);
  entry(0x04, static_cast<char>(group), kNone);
  entry(0x10, 4, kNone);
  entry(0x20, 0, kNone);
  return list;
}

TEST_F(KeyFileTest, AnAccessControlListForUsAloneIsFine) {  // S117
  const auto with_list = [this](const std::string& list) {
    write("1 " + kKeyA + "\n");
    return setxattr(path_.c_str(), "system.posix_acl_access", list.data(), list.size(), 0) == 0;
  };
  if (!with_list(acl_of(4, geteuid(), 0))) GTEST_SKIP() << "no access control lists here";
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  ASSERT_EQ(status.st_mode & 0777, 0440U) << "the mask shows as group bits";
  EXPECT_EQ(refusal(), "");
  ASSERT_TRUE(with_list(acl_of(4, geteuid() + 1, 0)));
  EXPECT_THAT(refusal(), HasSubstr("chmod 0400")) << "somebody else";
  ASSERT_TRUE(with_list(acl_of(4, geteuid(), 4)));
  EXPECT_THAT(refusal(), HasSubstr("chmod 0400")) << "the group";
}

TEST_F(KeyFileTest, AnAddedKeyIsTheLastAndTheFileKeepsItsMode) {  // S118
  write("# mine\n3 " + kKeyA);                                    // no newline at the end
  const auto id = add_key(path_, kNow);
  ASSERT_TRUE(id) << id.error().detail;
  EXPECT_EQ(*id, 4U);
  const auto keys = read_key_file(path_);
  ASSERT_TRUE(keys) << keys.error().detail;
  EXPECT_THAT(keys->ids, ElementsAre(3, 4));
  EXPECT_EQ(keys->key(0)[0], 0xaa);
  EXPECT_THAT(content(), HasSubstr("# mine\n"));
  struct stat status {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0400U);
}

TEST_F(KeyFileTest, WhatAnInterruptedRotationLeftIsNoObstacle) {  // S118
  write("1 " + kKeyA + "\n");
  std::ofstream(path_ + ".new") << "half a li";
  EXPECT_EQ(refusal(), "");
  ASSERT_TRUE(add_key(path_, kNow));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(KeyFileTest, TwoWhoChangeItAtOnceLoseNothing) {  // S118
  write("1 " + kKeyA + "\n");
  std::vector<std::jthread> threads(4);
  for (auto& thread : threads) {
    thread = std::jthread([this] {
      for (int i = 0; i < 5; ++i) EXPECT_TRUE(add_key(path_, kNow));
    });
  }
  threads.clear();
  EXPECT_THAT(*key_ids(path_), SizeIs(21));
}

TEST_F(KeyFileTest, ARetiredKeyCanBeDroppedAndTheCurrentOneCannot) {  // S118
  write("1 " + kKeyA + "\n# between\n12 " + kKeyB + "\n");
  const auto current = drop_key(path_, 12);
  ASSERT_FALSE(current);
  EXPECT_EQ(current.error().code, ErrorCode::Conflict);
  EXPECT_EQ(drop_key(path_, 2).error().code, ErrorCode::NotFound);
  ASSERT_TRUE(drop_key(path_, 1));
  EXPECT_EQ(content(), "# between\n12 " + kKeyB + "\n");
}

}  // namespace
}  // namespace twinlock
