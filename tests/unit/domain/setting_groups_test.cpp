// SPDX-License-Identifier: MIT
#include "daemon/domain/setting_groups.h"

#include <gtest/gtest.h>

#include "tests/unit/domain/login_world.h"

namespace twinlock {
namespace {

class SettingGroupsTest : public testing::Test {
 protected:
  auto put(const SettingFields& fields) {
    return groups_.edit(
        SettingGroup::Twilio, [&fields](const auto&) { return fields; }, "client x");
  }

  LoginWorld world_;
  SettingGroups groups_{{world_.ports.store, world_.clock, world_.audit}};
};

TEST_F(SettingGroupsTest, ARecordNamesWhatChangedAndNoValue) {  // S66, S126
  ASSERT_TRUE(put({{"sid", std::string("AC1")}, {"auth_token", std::string("hunter2")}}));
  ASSERT_TRUE(put({{"sid", std::string("AC2")}}));
  const auto records = world_.audited(AuditEventType::SettingsChanged);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].detail, "twilio: auth_token, sid");
  EXPECT_EQ(records[1].detail, "twilio: sid, auth_token");
  EXPECT_EQ(records[0].actor, "client x");
  EXPECT_EQ(text_in(*groups_.read(SettingGroup::Twilio), "sid"), "AC2");
}

TEST_F(SettingGroupsTest, WhatIsSoAlreadyIsNoRecord) {
  ASSERT_TRUE(put({{"sid", std::string("AC1")}}));
  ASSERT_TRUE(put({{"sid", std::string("AC1")}}));
  EXPECT_EQ(world_.audited(AuditEventType::SettingsChanged).size(), 1U);
}

TEST_F(SettingGroupsTest, OfTwoWhoWriteAtOnceEachSeesTheOther) {
  int runs = 0;
  const auto edited = groups_.edit(
      SettingGroup::Duo,
      [&](const SettingFields& stored) {
        if (++runs == 1) {  // somebody else is faster
          EXPECT_TRUE(groups_.edit(
              SettingGroup::Duo,
              [](const auto&) {
                return SettingFields{{"ikey", std::string("theirs")}};
              },
              "client y"));
        }
        auto fields = stored;
        fields["host"] = std::string("ours");
        return fields;
      },
      "client x");
  ASSERT_TRUE(edited);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(text_in(*edited, "ikey"), "theirs");
  EXPECT_EQ(text_in(*edited, "host"), "ours");
}

TEST_F(SettingGroupsTest, AnEditThatRefusesChangesNothing) {
  const auto edited = groups_.edit(
      SettingGroup::Duo,
      [](const auto&) -> Result<SettingFields> {
        return Error{ErrorCode::Conflict, "no"};
      },
      "client x");
  EXPECT_EQ(edited.error().code, ErrorCode::Conflict);
  EXPECT_TRUE(groups_.read(SettingGroup::Duo)->empty());
}

}  // namespace
}  // namespace twinlock
