// SPDX-License-Identifier: MIT
#include "daemon/domain/user_id.h"

#include <gtest/gtest.h>

#include <array>

namespace twinlock {
namespace {

TEST(UserId, C23AnAccountIsNamedWithItsProviderOrBare) {
  for (const auto* text : {"unix|alice", "alice"}) {
    const auto id = parse_user_id(text);
    ASSERT_TRUE(id) << text;
    EXPECT_EQ(id->provider, UserId::Provider::Unix);
    EXPECT_EQ(id->name, "alice");
    EXPECT_EQ(to_text(*id), "unix|alice");
  }
}

TEST(UserId, C24ARecordIsNamedByTwentyFourDigits) {
  const auto id = parse_user_id("auth0|640b5a0ed3534be8b2db9dd3");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->provider, UserId::Provider::Record);
  EXPECT_EQ(to_text(*id), "auth0|640b5a0ed3534be8b2db9dd3");
}

TEST(UserId, NobodyIsCalledAnythingElse) {
  for (const auto* text : {"",
                           "unix|",
                           "auth0|",
                           "auth0|640b5a0ed3534be8b2db9dd",
                           "auth0|640b5a0ed3534be8b2db9dd34",
                           "auth0|640B5A0ED3534BE8B2DB9DD3",
                           "auth0|this-user-id-does-not-exist",
                           "unix|al ice",
                           "unix|alice|bob",
                           "google|alice",
                           "al/ice"}) {
    EXPECT_FALSE(parse_user_id(text)) << text;
  }
}

TEST(UserId, WhatARecordOwnsIsUnderANameThatNoLoginHas) {  // S37, S38
  const auto owner = owner_of_record(*parse_user_id("auth0|640b5a0ed3534be8b2db9dd3"));
  EXPECT_FALSE(is_account_name(owner.name));
  EXPECT_EQ(owner.uid, kNoUid);
  EXPECT_FALSE(is_privileged(owner));
  EXPECT_TRUE(is_record(owner));
  EXPECT_EQ(to_text(user_id_of(owner)), "auth0|640b5a0ed3534be8b2db9dd3");
  EXPECT_EQ(to_text(user_id_of({"alice", 1000})), "unix|alice");
}

TEST(UserId, ANewRecordsIdIsItsRandomBytes) {
  const auto id = make_record_id(std::array<std::uint8_t, 12>{0xab, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  EXPECT_EQ(to_text(id), "auth0|ab0102030405060708090a00");
  EXPECT_EQ(parse_user_id(to_text(id)), id);
}

}  // namespace
}  // namespace twinlock
