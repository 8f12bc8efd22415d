// SPDX-License-Identifier: MIT
#include "daemon/system/nss_directory.h"

#include <gmock/gmock.h>

#include <cerrno>
#include <cstring>
#include <future>
#include <string>

namespace twinlock {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;

// An NSS that knows one account and answers the rest with `error`; 0 means that there is none.
NssFunctions directory_of(const std::string& name, uid_t uid, int error) {
  NssFunctions functions;
  const auto fill = [name, uid](passwd* record, char* buffer, std::size_t size, passwd** found) {
    if (size < name.size() + 1) return ERANGE;
    std::memcpy(buffer, name.c_str(), name.size() + 1);
    record->pw_name = buffer;
    record->pw_uid = uid;
    record->pw_gid = 50;
    *found = record;
    return 0;
  };
  functions.by_name =
      [=](const char* asked, passwd* record, char* buffer, std::size_t size, passwd** found) {
        *found = nullptr;
        // Without regard to case, as some directories compare.
        if (strcasecmp(asked, name.c_str()) == 0) return fill(record, buffer, size, found);
        return error;
      };
  functions.by_uid =
      [=](uid_t asked, passwd* record, char* buffer, std::size_t size, passwd** found) {
        *found = nullptr;
        return asked == uid ? fill(record, buffer, size, found) : error;
      };
  return functions;
}

// S37
TEST(NssDirectory, AnswersWithTheCanonicalName) {
  NssDirectory directory(directory_of("alice", 1000, 0));
  const auto found = directory.find("ALICE");
  ASSERT_TRUE(found && found->has_value());
  EXPECT_EQ((*found)->name, "alice");
  EXPECT_EQ((*found)->uid, 1000U);
}

// S47
TEST(NssDirectory, TellsNobodyFromCouldNotAsk) {
  NssDirectory empty(directory_of("alice", 1000, 0));
  const auto nobody = empty.find("mallory");
  ASSERT_TRUE(nobody);
  EXPECT_FALSE(nobody->has_value());

  for (const int error : {ENOENT, EIO, EAGAIN, ECONNREFUSED, ETIMEDOUT, EMFILE, ENOMEM, EPERM}) {
    NssDirectory failing(directory_of("alice", 1000, error));
    const auto by_name = failing.find("mallory");
    ASSERT_FALSE(by_name) << error;
    EXPECT_EQ(by_name.error().code, ErrorCode::Unavailable);
    EXPECT_FALSE(failing.find_uid(4)) << error;
  }
}

// S47
TEST(NssDirectory, GivesUpOnADirectoryThatHangs) {
  auto released = std::make_shared<std::promise<void>>();
  auto functions = directory_of("alice", 1000, 0);
  functions.by_name = [gate = released->get_future().share()](auto&&...) {
    gate.wait();
    return 0;
  };
  NssDirectory directory(functions, 500ms);
  const auto found = directory.find("alice");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::Unavailable);
  EXPECT_TRUE(directory.find_uid(1000)) << "other lookups go on";
  released->set_value();
}

TEST(NssDirectory, GrowsItsBufferForLargeEntries) {
  auto functions = directory_of("alice", 1000, 0);
  functions.by_name =
      [inner = functions.by_name](
          const char* name, passwd* record, char* buffer, std::size_t size, passwd** found) {
        if (size < 100000) return ERANGE;
        return inner(name, record, buffer, size, found);
      };
  const auto found = NssDirectory(functions).find("alice");
  EXPECT_TRUE(found && found->has_value());
}

// S38
TEST(NssDirectory, RefusesNamesThatNoLogCouldHold) {
  NssDirectory directory(directory_of("al\nice", 1000, 0));
  EXPECT_FALSE(directory.find_uid(1000));
}

TEST(NssDirectory, AsksNobodyAboutNamesThatCannotBe) {
  NssDirectory directory(directory_of("alice", 1000, EIO));
  for (const std::string name : {"", "a\nb", "a:b", "../x", "\xff"}) {
    const auto found = directory.find(name);
    ASSERT_TRUE(found) << name;
    EXPECT_FALSE(found->has_value());
  }
  const auto endless = directory.find(std::string(257, 'a'));
  ASSERT_TRUE(endless);
  EXPECT_FALSE(endless->has_value());
}

// S48: a group list that can't be read whole isn't read at all.
TEST(NssDirectory, ReportsGroupsThatCannotBeRead) {
  auto functions = directory_of("alice", 1000, 0);
  functions.group_list = [](const char*, gid_t group, gid_t* groups, int* count) {
    groups[0] = group;
    *count = 1;
    errno = ECONNREFUSED;
    return 1;
  };
  EXPECT_FALSE(NssDirectory(functions).groups({"alice", 1000}));

  functions.group_list = [](const char*, gid_t group, gid_t* groups, int* count) {
    groups[0] = group;
    *count = 1;
    return 1;
  };
  functions.group_by_id = [](auto&&...) { return EIO; };
  EXPECT_FALSE(NssDirectory(functions).groups({"alice", 1000}));
}

TEST(NssDirectory, HasNoGroupsForAnAccountThatIsAnotherOneNow) {
  EXPECT_FALSE(NssDirectory(directory_of("alice", 1000, 0)).groups({"alice", 2000}));
}

TEST(NssDirectory, KnowsTheAccountsOfThisMachine) {
  NssDirectory directory;
  const auto root = directory.find("root");
  ASSERT_TRUE(root && root->has_value());
  EXPECT_EQ((*root)->uid, 0U);
  const auto groups = directory.groups(**root);
  ASSERT_TRUE(groups) << groups.error().detail;
  EXPECT_THAT(*groups, Contains("root"));
  const auto nobody = directory.find("no-such-account-here");
  ASSERT_TRUE(nobody) << nobody.error().detail;
  EXPECT_FALSE(nobody->has_value());
}

}  // namespace
}  // namespace twinlock
