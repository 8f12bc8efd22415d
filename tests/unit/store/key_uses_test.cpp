// SPDX-License-Identifier: MIT
#include "daemon/store/key_uses.h"

#include <filesystem>

#include "tests/unit/store/store_fixture.h"

// S118: what the master keys are still needed for.
namespace twinlock {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class KeyUsesTest : public StoreTest {
 protected:
  [[nodiscard]] Result<KeyUses> uses(LockFile::Missing lock = LockFile::Missing::Refused) {
    return read_key_uses(
        options_.directory, [this](auto sealed) { return keys_.key_of(sealed); }, lock);
  }
  static void make_recovery_codes(Store& store, KeyId key) {
    ASSERT_TRUE(store.replace_recovery_codes(
        recovery_method(9), {code_digest(1, key)}, event(AuditEventType::RecoveryCodesMade)));
  }
};

TEST_F(KeyUsesTest, ALookMakesNoFile) {
  enroll(open(), 1);
  const auto log = content("store.db-wal");
  close();
  overwrite("store.db-wal", log);
  std::filesystem::permissions(path("store.db-wal"), std::filesystem::perms{0600});
  std::filesystem::remove(path("lock"));
  const auto found = uses();
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_FALSE(found->seat);
  EXPECT_FALSE(std::filesystem::exists(path("lock")));
}

TEST_F(KeyUsesTest, WhoChangesTheKeyFileAfterwardsKeepsADaemonFromStarting) {
  enroll(open(), 1);
  close();
  std::filesystem::remove(path("lock"));
  const auto found = uses(LockFile::Missing::Made);
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_TRUE(found->seat);
  EXPECT_THAT(refusal(), HasSubstr("another twinlockd uses this store"));
}

TEST_F(KeyUsesTest, EverythingThatNamesAKeyIsToldUnderIt) {
  enroll(open(), 1);
  enroll(*store_, 2);
  make_recovery_codes(*store_, 1);
  const auto records = std::stoll(sql("SELECT count(*) FROM audit"));
  const auto found = uses();
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->sealing, 1U);
  ASSERT_EQ(found->of.size(), 1U);
  const auto& use = found->of.at(1);
  EXPECT_EQ(use.seeds, 2);
  EXPECT_THAT(use.recovery_codes_of, ElementsAre("alice"));
  EXPECT_EQ(use.audit_records, records);
  EXPECT_TRUE(use.marks);
}

TEST_F(KeyUsesTest, ARetiredKeyKeepsWhatCanNotBeSealedAnew) {
  enroll(open());
  make_recovery_codes(*store_, 1);
  keys_.rotate();
  ASSERT_EQ(uses()->sealing, 1U) << "nothing was sealed under the new one yet";
  while (*store_->reseal(10) > 0) {
  }
  close();
  const auto found = uses();
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->sealing, 2U);
  EXPECT_EQ(found->of.at(1).seeds, 0);
  EXPECT_FALSE(found->of.at(1).marks);
  EXPECT_THAT(found->of.at(1).recovery_codes_of, ElementsAre("alice"));
  EXPECT_GT(found->of.at(1).audit_records, 0);
  EXPECT_EQ(found->of.at(2).seeds, 1);
  EXPECT_TRUE(found->of.at(2).marks);
}

TEST_F(KeyUsesTest, ARetiredKeyIsNamedByNothingInTheEnd) {
  enroll(open());
  make_recovery_codes(*store_, 1);
  keys_.rotate();
  while (*store_->reseal(10) > 0) {
  }
  make_recovery_codes(*store_, 2);
  ASSERT_TRUE(store_->append(event(AuditEventType::DaemonStarted, kNow + 24h * 499)));
  while (*store_->purge(kNow + 24h * 500, 100) > 0) {
  }
  close();
  EXPECT_FALSE(uses()->of.contains(1));
  keys_.lose(1);
  EXPECT_EQ(refusal(), "");
}

TEST_F(KeyUsesTest, ASecondFileUnderTheOldKeyIsAUseOfIt) {  // S121
  enroll(open());
  close();
  const auto epoch = content("epoch");
  open();
  keys_.rotate();
  while (*store_->reseal(10) > 0) {
  }
  close();
  overwrite("epoch", epoch);  // a crash between the commit and the second file
  EXPECT_TRUE(uses()->of.at(1).marks);
}

TEST_F(KeyUsesTest, TheSealOnWhereRetentionCutTheLogIsAUseOfItsKey) {  // S127
  enroll(open());
  ASSERT_GT(*store_->purge(kNow + 24h * 500, 100), 0);
  keys_.rotate();
  while (*store_->reseal(10) > 0) {
  }
  close();
  const auto found = uses();
  ASSERT_TRUE(found->of.contains(1));
  EXPECT_EQ(found->of.at(1).audit_records, 0);
  EXPECT_TRUE(found->of.at(1).marks);
}

TEST_F(KeyUsesTest, LookingMakesNoFileBesideAClosedStore) {
  enroll(open());
  close();
  ASSERT_TRUE(uses());
  EXPECT_FALSE(std::filesystem::exists(path("store.db-wal")));
  EXPECT_FALSE(std::filesystem::exists(path("store.db-shm")));
}

TEST_F(KeyUsesTest, WhereThereIsNoStoreNobodyCanTell) {
  EXPECT_THAT(uses().error().detail, HasSubstr("store.db"));
}

}  // namespace
}  // namespace twinlock
