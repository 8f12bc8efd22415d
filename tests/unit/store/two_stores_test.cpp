// SPDX-License-Identifier: MIT
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/unit/store/store_fixture.h"

// Two stores on one directory, as two processes have them: nothing of one is the other's but the
// files. What every call promises with two is in tests/conformance.
namespace twinlock {
namespace {

using testing::HasSubstr;

class TwoStoresTest : public StoreTest {
 protected:
  // The first is StoreTest's own.
  SqliteStore& open_second() {
    auto opened = try_second(keys_);
    if (!opened) throw std::runtime_error(opened.error().detail);
    second_ = *std::move(opened);
    return *second_;
  }
  Result<std::unique_ptr<SqliteStore>> try_second(KeyRing& keys) {
    auto options = options_;
    options.seats = {Seat::Http};
    return SqliteStore::open(options, keys, nullptr);
  }
  static std::uint64_t append(SqliteStore& store) {
    const auto number = store.append(event(AuditEventType::LoginDenied));
    if (!number) throw std::runtime_error(number.error().detail);
    return *number;
  }
  [[nodiscard]] std::uint64_t noted() {
    const auto epoch = EpochFile(path("epoch")).read(keys_);
    if (!epoch) throw std::runtime_error(epoch.error().detail);
    return epoch->sequence;
  }
  [[nodiscard]] bool has_note() const { return std::filesystem::exists(path("clean")); }

  std::unique_ptr<SqliteStore> second_;
};

TEST_F(TwoStoresTest, TheChainGoesOnWhereTheOtherLeftIt) {  // S127
  auto& first = open();
  auto& second = open_second();
  for (std::uint64_t n = 1; n <= 20; n += 2) {
    EXPECT_EQ(append(first), n);
    EXPECT_EQ(append(second), n + 1);
  }
  EXPECT_EQ(first.verify()->finding, "");
  EXPECT_EQ(second.verify()->records, 20U);
}

TEST_F(TwoStoresTest, TheChainNeverForksHoweverManyWrite) {  // S127
  open();
  open_second();
  constexpr int kThreads = 8;
  constexpr int kEach = 50;
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < kThreads; ++n) {
      threads.emplace_back([this, n] {
        for (int i = 0; i < kEach; ++i) append(n % 2 == 0 ? *store_ : *second_);
      });
    }
  }
  const auto verified = store_->verify();
  EXPECT_EQ(verified->finding, "");
  EXPECT_EQ(verified->records, std::uint64_t{kThreads * kEach});
}

TEST_F(TwoStoresTest, AHeadThatNobodyOfUsHasMovedIsFollowedByNeither) {  // S127
  append(open());
  append(open_second());
  append(*store_);
  sql("INSERT INTO audit SELECT 4, time, type, 'mallory', uid, service, source, method_type, "
      "method,"
      " reason, conversation, actor, detail, key, randomblob(32) FROM audit WHERE sequence = 3;"
      "UPDATE audit_head SET sequence = 4, mac = (SELECT mac FROM audit WHERE sequence = 4)");
  for (auto* store : {store_.get(), second_.get()}) {
    const auto appended = store->append(event(AuditEventType::LoginDenied));
    ASSERT_FALSE(appended);
    EXPECT_THAT(appended.error().detail, HasSubstr("changed by somebody else"));
  }
}

TEST_F(TwoStoresTest, WhatRetentionHasCutIsNoReasonToStop) {
  append(open());
  append(open_second());
  const auto later = kNow + kAuditLifetime + 24h * 40;
  ASSERT_GT(*second_->purge(later, 100), 0);
  EXPECT_EQ(append(*store_), 3U);
  EXPECT_EQ(append(*second_), 4U);
  EXPECT_EQ(store_->verify()->finding, "");
}

TEST_F(TwoStoresTest, WhatOneChangesTheOtherSeesAtOnce) {
  enroll(open());
  open_second();
  ASSERT_TRUE(store_->set_factor(Factor::Otp, true, event(AuditEventType::FactorChanged)));
  EXPECT_EQ(second_->settings()->enabled.size(), 1U);
  ASSERT_EQ(log_in(*second_, 1), GrantOutcome::Granted);
  EXPECT_EQ((**store_->otp_method(method_id(1))).credential.last_used, 1);
}

TEST_F(TwoStoresTest, TheSecondFileIsNeverAheadAndNeverGoesBack) {  // S121
  append(open());
  append(open_second());
  EXPECT_LE(noted(), 2U);
  append(*store_);
  auto before = noted();
  append(*second_);
  store_.reset();  // the last record that it wrote is not the newest
  EXPECT_EQ(noted(), 4U);
  EXPECT_GE(noted(), before);
  append(*second_);
  before = noted();
  second_.reset();
  EXPECT_EQ(noted(), 5U);
  EXPECT_GE(noted(), before);
  EXPECT_EQ(refusal(), "");
}

TEST_F(TwoStoresTest, OnlyTheLastOneNotesThatTheEndWasInOrder) {
  append(open());
  append(open_second());
  store_.reset();
  EXPECT_FALSE(has_note());
  second_.reset();
  EXPECT_TRUE(has_note());
}

TEST_F(TwoStoresTest, TheOneThatGoesFirstMayBeEitherAndComeBack) {
  append(open());
  append(open_second());
  second_.reset();
  append(*store_);
  append(open_second());
  store_.reset();
  append(open());
  EXPECT_EQ(append(*second_), 6U);
  second_.reset();
  store_.reset();
  EXPECT_TRUE(has_note());
}

TEST_F(TwoStoresTest, WhereOneHasFoundDamageNoneSaysThatAllWasInOrder) {  // S133
  enroll(open());
  open_second();
  sql("PRAGMA wal_checkpoint(TRUNCATE)");
  const auto root = std::stoul(sql("SELECT rootpage FROM sqlite_schema WHERE name = 'method'"));
  std::fstream file(path("store.db"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>((root - 1) * 4096));
  ASSERT_TRUE((file << std::string(100, '\x7f')).flush().good());
  ASSERT_FALSE(store_->methods_of("alice"));
  store_.reset();
  second_.reset();
  EXPECT_FALSE(has_note());
}

TEST_F(TwoStoresTest, WhoComesSecondChecksWhatTheFirstCannotHaveCheckedForIt) {
  append(open());
  FakeKeyRing other;
  other.rotate();
  other.lose(1);
  EXPECT_THAT(try_second(other).error().detail, HasSubstr("master key is not the one"));  // S135

  auto epoch = content("epoch");
  auto spoiled = epoch;
  spoiled[20] = static_cast<char>(~spoiled[20]);
  overwrite("epoch", spoiled);
  EXPECT_THAT(try_second(keys_).error().detail, HasSubstr("was changed by somebody else"));  // S121
  overwrite("epoch", epoch);
  EXPECT_TRUE(try_second(keys_));
}

TEST_F(TwoStoresTest, TwoVersionsDoNotMix) {
  append(open());
  const auto version = sql("PRAGMA user_version");
  sql("PRAGMA user_version = 1");
  EXPECT_THAT(try_second(keys_).error().detail, HasSubstr("is in use by an older Twinlock"));
  sql("PRAGMA user_version = 1000");
  EXPECT_THAT(try_second(keys_).error().detail, HasSubstr("written by a newer Twinlock"));
  sql("PRAGMA user_version = " + version);
  EXPECT_TRUE(try_second(keys_));
}

TEST_F(TwoStoresTest, TheReserveIsGivenUpByEitherAndMadeByOne) {  // S132
  open();
  open_second();
  EXPECT_TRUE(store_->is_on_duty());
  EXPECT_FALSE(second_->is_on_duty());
  std::filesystem::remove(path("reserve"));
  ASSERT_TRUE(second_->purge(kNow, 10));
  EXPECT_FALSE(std::filesystem::exists(path("reserve")));
  ASSERT_TRUE(store_->purge(kNow, 10));
  EXPECT_TRUE(std::filesystem::exists(path("reserve")));
  store_.reset();
  EXPECT_TRUE(second_->is_on_duty()) << "taken over";
}

TEST_F(TwoStoresTest, BothMaySealAnewAtOnce) {  // S118
  for (int n = 1; n <= 40; ++n) enroll(n == 1 ? open() : *store_, n);
  open_second();
  keys_.rotate();
  {
    const auto seal_all = [](SqliteStore& store) {
      while (*store.reseal(3) > 0) {
      }
    };
    std::jthread one([&] { seal_all(*store_); });
    std::jthread other([&] { seal_all(*second_); });
  }
  keys_.lose(1);
  EXPECT_EQ(standing_of(*store_)->otp.size(), 40U);
  EXPECT_EQ(standing_of(*second_)->otp.size(), 40U);
}

// One process that has all to do doesn't keep another from its own.
TEST_F(TwoStoresTest, AFloodInOneStopsNobodyInTheOther) {
  open();
  open_second();
  std::atomic<bool> stop{false};
  std::vector<std::jthread> flood;
  for (int n = 0; n < 8; ++n) {
    flood.emplace_back([this, &stop] {
      while (!stop) append(*store_);
    });
  }
  for (int n = 0; n < 50; ++n) append(*second_);
  stop = true;
  flood.clear();
  EXPECT_EQ(second_->verify()->finding, "");
}

}  // namespace
}  // namespace twinlock
