// SPDX-License-Identifier: MIT
#include <filesystem>

#include "daemon/store/restore.h"
#include "tests/unit/store/store_fixture.h"

namespace twinlock {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// S121: a thief of a backup puts it back, to make used codes good again.
class RollbackTest : public StoreTest {
 protected:
  void SetUp() override {
    enroll(open());
    ASSERT_EQ(log_in(*store_, 100), GrantOutcome::Granted);
    close();
    old_ = content("store.db");
    ASSERT_EQ(log_in(open(), 101), GrantOutcome::Granted);
    close();
  }
  void put_back_the_old_copy() {
    overwrite("store.db", old_);
    std::filesystem::remove(path("store.db-wal"));
  }

  std::string old_;
};

TEST_F(RollbackTest, AnOldCopyIsRefusedAndLeftAsItIs) {  // S121
  put_back_the_old_copy();
  EXPECT_THAT(refusal(), HasSubstr("the store is an old copy: it ends at audit record 2"));
  EXPECT_EQ(content("store.db"), old_);
}

TEST_F(RollbackTest, AnOldCopyThatHasGoneOnElsewhereIsRefused) {  // S121
  const auto epoch = content("epoch");
  put_back_the_old_copy();
  std::filesystem::remove(path("epoch"));
  ASSERT_TRUE(accept_restored_store(directory_.path(), keys_, kNow, "uid 0"));
  for (int step = 1'000'000'000; step < 1'000'000'005; ++step) {
    ASSERT_EQ(log_in(store_ ? *store_ : open(), step), GrantOutcome::Granted);
  }
  close();
  overwrite("epoch", epoch);
  EXPECT_THAT(refusal(), HasSubstr("not the one that was here"));
}

TEST_F(RollbackTest, WithoutTheSecondFileTheStoreIsRefused) {  // S121
  std::filesystem::remove(path("epoch"));
  EXPECT_THAT(refusal(), HasSubstr("epoch: is missing"));
}

TEST_F(RollbackTest, AForgedSecondFileIsRefused) {  // S121
  const auto whole = content("epoch");
  for (std::size_t at = 0; at + 1 < whole.size(); ++at) {
    auto forged = whole;
    forged[at] = static_cast<char>(forged[at] ^ 1);
    overwrite("epoch", forged);
    EXPECT_THAT(refusal(), HasSubstr("accept-restored-store")) << at;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{40}, whole.size() - 1}) {
    overwrite("epoch", whole.substr(0, size));
    EXPECT_THAT(refusal(), HasSubstr("not a whole epoch file")) << size;
  }
  overwrite("epoch", whole);
  EXPECT_THAT(refusal(), IsEmpty());
}

TEST_F(RollbackTest, ASecondFileThatLagsIsNoRollback) {
  // As after a power cut: the store was synced, the second file wasn't.
  const auto lagging = content("epoch");
  for (int step = 102; step < 110; ++step) {
    ASSERT_EQ(log_in(store_ ? *store_ : open(), step), GrantOutcome::Granted);
  }
  close();
  overwrite("epoch", lagging);
  EXPECT_THAT(refusal(), IsEmpty());
}

TEST_F(RollbackTest, ASecondFileThatLagsBehindRetentionIsNoRollback) {
  const auto lagging = content("epoch");
  open();
  ASSERT_EQ(log_in(*store_, 102), GrantOutcome::Granted);
  ASSERT_GT(*store_->purge(kNow + 24h * 500, 100), 3);
  ASSERT_TRUE(store_->append(event(AuditEventType::DaemonStarted)));
  close();
  overwrite("epoch", lagging);
  EXPECT_THAT(refusal(), IsEmpty());
}

TEST_F(RollbackTest, AnAcceptedCopyOpensWithEveryStepUsedUp) {  // S121
  put_back_the_old_copy();
  const WallTime now = kNow + 24h;
  const auto accepted = accept_restored_store(directory_.path(), keys_, now, "uid 0");
  ASSERT_TRUE(accepted) << accepted.error().detail;
  EXPECT_EQ(accepted->totp_methods, 1);

  auto& store = open();
  const MovingFactor step = now.time_since_epoch() / 30s;
  EXPECT_EQ((**store.otp_method(method_id(1))).credential.last_used, step + 1)
      << "the newest step that the window would have let in";
  EXPECT_FALSE(*store.conversation(nonce(100))) << "conversations are void";
  const auto newest = store.read({.after = 0, .newest = true, .limit = 1, .user = {}});
  EXPECT_EQ(newest->front().event.type, AuditEventType::RollbackDetected);
  EXPECT_EQ(newest->front().event.actor, "uid 0");
  EXPECT_THAT(newest->front().event.detail, HasSubstr("1 TOTP method moved"));
  EXPECT_EQ(store.verify()->finding, "");
}

TEST_F(RollbackTest, AcceptingMovesNoStepBack) {
  put_back_the_old_copy();
  ASSERT_TRUE(accept_restored_store(directory_.path(), keys_, WallTime(1s), "uid 0"));
  EXPECT_EQ((**open().otp_method(method_id(1))).credential.last_used, 100);
}

TEST_F(RollbackTest, AcceptingReportsWhatItCannotRepair) {  // S121
  open();
  ASSERT_TRUE(store_->replace_recovery_codes(
      recovery_method(2), {code_digest(1)}, event(AuditEventType::RecoveryCodesMade)));
  auto hotp = totp_method(3);
  hotp.method.type = hotp.credential.type = MethodType::Hotp;
  hotp.credential.last_used = 5;
  ASSERT_TRUE(store_->add_otp_method(hotp, kMethodLimits, event(AuditEventType::MethodEnrolled)));
  close();
  const auto accepted = accept_restored_store(directory_.path(), keys_, kNow, "uid 0");
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->recovery_sets, 1);
  EXPECT_EQ(accepted->hotp_methods, 1);
  EXPECT_EQ((**open().otp_method(method_id(3))).credential.last_used, 5);
}

TEST_F(RollbackTest, AcceptingNeedsTheStoreForItself) {
  open();
  const auto accepted = accept_restored_store(directory_.path(), keys_, kNow, "uid 0");
  ASSERT_FALSE(accepted);
  EXPECT_THAT(accepted.error().detail, HasSubstr("another twinlockd"));
}

}  // namespace
}  // namespace twinlock
