// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <utility>

#include "daemon/store/sealing.h"
#include "tests/unit/store/store_fixture.h"

namespace twinlock {
namespace {

class SealedStoreTest : public StoreTest {};

TEST_F(SealedStoreTest, SettingsAndSigningKeysAreNotReadInTheFileNorMoved) {  // S114, S115
  const auto changed = event(AuditEventType::SettingsChanged);
  const SettingFields fields{{"auth_token", std::string("plantedsecret")}};
  ASSERT_TRUE(open().replace_setting_group(SettingGroup::Twilio, {fields, 0}, changed));
  for (const std::string id : {"k1", "k2"}) {
    ASSERT_TRUE(store_->add_signing_key({.id = id,
                                         .public_key = "public",
                                         .private_key = Secret("plantedkey" + id),
                                         .created = kNow},
                                        id == "k1" ? "" : "k1",
                                        changed));
  }
  close();
  EXPECT_EQ(content("store.db").find("planted"), std::string::npos);
  sql("INSERT INTO setting_group SELECT 2, version, fields FROM setting_group");
  sql("UPDATE signing_key SET private_key ="
      " (SELECT private_key FROM signing_key WHERE id = 'k1') WHERE id = 'k2'");
  EXPECT_TRUE(open().setting_group(SettingGroup::Twilio));
  EXPECT_EQ(store_->setting_group(SettingGroup::Vonage).error().code, ErrorCode::Internal);
  EXPECT_EQ(store_->signing_keys().error().code, ErrorCode::Internal);
}

TEST_F(SealedStoreTest, ASeedMovedToAnotherRowDoesNotOpen) {  // S114
  enroll(open(), 1);
  ASSERT_TRUE(store_->add_otp_method(
      totp_method(2, {"mallory", 1001}), kMethodLimits, event(AuditEventType::MethodEnrolled)));
  close();
  sql("UPDATE method SET seed = (SELECT seed FROM method WHERE owner = 'alice')"
      " WHERE owner = 'mallory'");
  const auto opened = standing_of(open(), {"mallory", 1001});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::Internal);
  EXPECT_TRUE(standing_of(*store_));
}

TEST_F(SealedStoreTest, ASeedWhoseOwnerOrIdWasChangedDoesNotOpen) {  // S114
  enroll(open(), 1);
  close();
  const auto whole = content("store.db");
  const std::vector<std::pair<const char*, Account>> changes{
      {"UPDATE method SET owner = 'mallory'", {"mallory", 1000}},
      {"UPDATE method SET uid = 1001", {"alice", 1001}},
      {"UPDATE method SET id = x'00000000000000000000000000000001'", alice()}};
  for (const auto& [change, owner] : changes) {
    overwrite("store.db", whole);
    sql(change);
    const auto opened = standing_of(open(), owner);
    ASSERT_FALSE(opened) << change;
    EXPECT_EQ(opened.error().code, ErrorCode::Internal);
    close();
  }
}

TEST_F(SealedStoreTest, AnAlteredSeedDoesNotOpenWhereverTheByteIs) {  // S114
  enroll(open(), 1);
  close();
  const auto sealed = sql("SELECT hex(seed) FROM method");
  for (std::size_t at = 0; at < sealed.size(); at += 2) {
    auto flipped = sealed;
    flipped[at] = flipped[at] == '0' ? '1' : '0';
    sql("UPDATE method SET seed = x'" + flipped + "'");
    EXPECT_FALSE(standing_of(open())) << at / 2;
    close();
  }
  for (std::size_t size = 0; size < sealed.size(); size += 2) {
    sql("UPDATE method SET seed = x'" + sealed.substr(0, size) + "'");
    EXPECT_FALSE(standing_of(open())) << size / 2;
    close();
  }
  sql("UPDATE method SET seed = x'" + sealed + "'");
  EXPECT_TRUE(standing_of(open()));
}

TEST_F(SealedStoreTest, NoSeedIsInAnyFile) {  // S115
  const std::string seed = "planted seed 0123456789";
  auto method = totp_method(1);
  method.credential.seed = Secret(std::string_view{seed});
  ASSERT_TRUE(open().add_otp_method(method, kMethodLimits, event(AuditEventType::MethodEnrolled)));
  keys_.rotate();
  ASSERT_GT(*store_->reseal(10), 0);
  ASSERT_EQ(log_in(*store_, 5), GrantOutcome::Granted);
  const auto expect_nowhere = [&] {
    for (const char* name : {"store.db", "store.db-wal", "store.db-shm", "epoch"}) {
      EXPECT_EQ(content(name).find(seed), std::string::npos) << name;
      EXPECT_EQ(content(name).find(seed.substr(8, 10)), std::string::npos) << name;
    }
  };
  EXPECT_GT(content("store.db-wal").size(), 0U);
  expect_nowhere();
  close();
  expect_nowhere();
  EXPECT_NE(content("store.db").find("Phone"), std::string::npos) << "what isn't secret is there";
}

TEST_F(SealedStoreTest, TheCanaryTellsAnotherKeyFromTheRightOne) {  // S117
  auto canary = sealing::seal_canary(keys_);
  ASSERT_TRUE(canary);
  EXPECT_TRUE(sealing::check_canary(keys_, *canary));
  auto altered = *canary;
  altered.back() ^= 1;
  EXPECT_FALSE(sealing::check_canary(keys_, altered));
  keys_.rotate();
  EXPECT_TRUE(sealing::check_canary(keys_, *canary)) << "a retired key still opens";
  keys_.lose(1);
  EXPECT_FALSE(sealing::check_canary(keys_, *canary));
}

}  // namespace
}  // namespace twinlock
