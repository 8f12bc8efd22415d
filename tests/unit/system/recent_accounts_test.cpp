// SPDX-License-Identifier: MIT
#include "daemon/system/recent_accounts.h"

#include <string>

#include <gtest/gtest.h>

namespace twinlock {
namespace {

// Counts the questions.
class CountingDirectory final : public AccountDirectory {
 public:
  Result<std::optional<Account>> find(std::string_view name) override {
    ++asked;
    if (fails) return Error{ErrorCode::Unavailable, "no answer"};
    if (name == "nobody-there") return std::optional<Account>();
    return std::optional(Account{std::string(name), uid});
  }
  Result<std::optional<Account>> find_uid(Uid /*uid*/) override {
    ++asked;
    return std::optional<Account>();
  }
  Result<std::vector<std::string>> groups(const Account& /*account*/) override {
    ++asked;
    return std::vector<std::string>{"staff"};
  }

  int asked = 0;
  bool fails = false;
  Uid uid = 1000;
};

class RecentAccountsTest : public ::testing::Test {
 protected:
  void pass(std::chrono::milliseconds time) { now_ += time; }

  CountingDirectory directory_;
  std::chrono::steady_clock::time_point now_;
  RecentAccounts recent_{directory_, [this] { return now_; }};
};

TEST_F(RecentAccountsTest, AsksOnceForWhatWasFoundAMomentAgo) {
  EXPECT_EQ((*recent_.find("alice"))->uid, 1000U);
  pass(RecentAccounts::kLifetime - std::chrono::milliseconds(1));
  directory_.uid = 2000;
  EXPECT_EQ((*recent_.find("alice"))->uid, 1000U);
  EXPECT_EQ((*recent_.find("bob"))->uid, 2000U);
  EXPECT_EQ(directory_.asked, 2);
}

TEST_F(RecentAccountsTest, AsksAgainAMomentLater) {
  EXPECT_TRUE(recent_.find("alice"));
  directory_.uid = 2000;
  pass(RecentAccounts::kLifetime);
  EXPECT_EQ((*recent_.find("alice"))->uid, 2000U);
}

// An account that has just been made is there at once, and a directory that is back is asked.
TEST_F(RecentAccountsTest, KeepsNeitherAnAbsenceNorAFailure) {  // S47
  EXPECT_FALSE((*recent_.find("nobody-there")).has_value());
  EXPECT_FALSE((*recent_.find("nobody-there")).has_value());
  directory_.fails = true;
  EXPECT_EQ(recent_.find("alice").error().code, ErrorCode::Unavailable);
  directory_.fails = false;
  EXPECT_TRUE((*recent_.find("alice")).has_value());
  EXPECT_EQ(directory_.asked, 4);
}

TEST_F(RecentAccountsTest, AsksForGroupsEachTime) {
  EXPECT_TRUE(recent_.groups({"alice", 1000}));
  EXPECT_TRUE(recent_.groups({"alice", 1000}));
  EXPECT_TRUE(recent_.find_uid(1000));
  EXPECT_TRUE(recent_.find_uid(1000));
  EXPECT_EQ(directory_.asked, 4);
}

TEST_F(RecentAccountsTest, KeepsABoundedNumber) {
  for (std::size_t i = 0; i < 2 * RecentAccounts::kMost; ++i) {
    EXPECT_TRUE(recent_.find("user" + std::to_string(i)));
  }
  const int asked = directory_.asked;
  EXPECT_TRUE(recent_.find("user0"));
  EXPECT_EQ(directory_.asked, asked);  // the first of them
  EXPECT_TRUE(recent_.find("user" + std::to_string(RecentAccounts::kMost)));
  EXPECT_EQ(directory_.asked, asked + 1);  // for which there was no room
  pass(RecentAccounts::kLifetime);
  EXPECT_TRUE(recent_.find("late"));
  EXPECT_TRUE(recent_.find("late"));
  EXPECT_EQ(directory_.asked, asked + 2);  // those that are too old made room
}

}  // namespace
}  // namespace twinlock
