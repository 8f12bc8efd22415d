// SPDX-License-Identifier: MIT
#include "daemon/domain/account.h"

#include <gtest/gtest.h>

namespace twinlock {
namespace {

TEST(AccountTest, NamesOfRealDirectoriesAreNames) {  // S38
  for (const char* name : {"alice",
                           "Alice.B_c-9",
                           "machine$",
                           "alice@example.org",
                           "DOMAIN\\alice",
                           "alice+x",
                           "_apt",
                           "-odd"}) {
    EXPECT_TRUE(is_account_name(name)) << name;
  }
  EXPECT_TRUE(is_account_name(std::string(256, 'a')));
}

TEST(AccountTest, WhatCouldForgeALogLineOrAPathIsNoName) {  // S38
  for (const std::string& name : {std::string(),
                                  std::string(257, 'a'),
                                  std::string("alice\n"),
                                  std::string("alice\0", 6),
                                  std::string("alice bob"),
                                  std::string("../etc"),
                                  std::string("alice:x"),
                                  std::string("al\xc3\xaf"
                                              "ce"),
                                  std::string("'; --")}) {
    EXPECT_FALSE(is_account_name(name)) << name;
  }
}

TEST(AccountTest, ServiceNamesAreFileNames) {  // S38
  EXPECT_TRUE(is_service_name("sshd"));
  EXPECT_TRUE(is_service_name("sudo-i"));
  EXPECT_TRUE(is_service_name(std::string(64, 's')));
  for (const std::string& name : {std::string(),
                                  std::string(65, 's'),
                                  std::string("a/b"),
                                  std::string("a b"),
                                  std::string("a@b"),
                                  std::string("a\0", 2)}) {
    EXPECT_FALSE(is_service_name(name)) << name;
  }
}

TEST(AccountTest, EveryNameOfUidZeroIsPrivileged) {  // S37
  EXPECT_TRUE(is_privileged({"root", 0}));
  EXPECT_TRUE(is_privileged({"toor", 0}));
  EXPECT_FALSE(is_privileged({"root", 1}));
}

}  // namespace
}  // namespace twinlock
