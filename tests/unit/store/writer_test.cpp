// SPDX-License-Identifier: MIT
#include "daemon/store/writer.h"

#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include "tests/unit/store/store_fixture.h"

namespace twinlock {
namespace {

using Outcome = Writer::Outcome;

// A writer on a store's file, with nothing around it.
class WriterTest : public StoreTest {
 protected:
  Writer& start(std::chrono::milliseconds deadline = 60s,
                std::chrono::milliseconds epoch_interval = 0ms) {
    open();
    close();
    auto files =
        open_files(directory_.path(), Creation::Refused, OldCopy::Refused, keys_, {Seat::Bus});
    if (!files) throw std::runtime_error(files.error().detail);
    auto opened = *std::move(files);
    occupancy_.emplace(std::move(opened.occupancy)).settle();
    auto second = sqlite::Database::open(opened.path, sqlite::Database::Access::Write);
    const auto head = read_audit_head(opened.database);
    (void)opened.epoch.create(keys_, {.sequence = head->sequence, .mac = head->mac});
    writer_ = std::make_unique<Writer>(Writer::Parts{.database = std::move(opened.database),
                                                     .checkpointing = *std::move(second),
                                                     .head = *head,
                                                     .epoch = std::move(opened.epoch),
                                                     .keys = keys_,
                                                     .health = health_,
                                                     .reserve = reserve_,
                                                     .turn = WriteTurn(occupancy_->file()),
                                                     .deadline = deadline,
                                                     .epoch_interval = epoch_interval});
    return *writer_;
  }
  void TearDown() override { end(); }
  void end() {
    writer_.reset();
    occupancy_.reset();
  }

  // Holds the writer inside a request until open_gate(); returns once it is there.
  void close_gate() {
    std::latch inside(1);
    holding_ = std::thread([this, &inside] {
      (void)writer_->run(Durability::Process, [this, &inside](WriteScope&) {
        inside.count_down();
        gate_.wait();
        return Outcome::Keep;
      });
    });
    inside.wait();
  }
  void open_gate() {
    gate_.count_down();
    holding_.join();
  }
  static Writer::Work append(const std::string& detail, Outcome outcome = Outcome::Keep) {
    return [detail, outcome](WriteScope& scope) {
      auto one = event(AuditEventType::LoginDenied);
      one.detail = detail;
      return scope.record(one) ? outcome : Outcome::Undo;
    };
  }

  StoreHealth health_{"store.db", nullptr};
  ReserveFile reserve_{directory_ / "reserve", 4096};
  std::optional<Occupancy> occupancy_;
  std::unique_ptr<Writer> writer_;
  std::latch gate_{1};
  std::thread holding_;
};

TEST_F(WriterTest, WhatWaitsTooLongIsWithdrawnAndNeverRuns) {
  start(50ms);
  close_gate();
  std::atomic<bool> ran{false};
  const auto status = writer_->run(Durability::Power, [&ran](WriteScope&) {
    ran = true;
    return Outcome::Keep;
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(status.error().detail, testing::HasSubstr("nothing was written"));
  open_gate();
  // Another one behind it: when that has run, the withdrawn one would have.
  while (!writer_->run(Durability::Process, [](WriteScope&) { return Outcome::Keep; })) {
  }
  EXPECT_FALSE(ran);
}

TEST_F(WriterTest, WhatRunsTooLongIsUnavailableAndMayOutliveItsCaller) {
  start(50ms);
  std::latch inside(1);
  auto value = std::make_shared<int>(0);
  const auto status =
      writer_->call<int>(Durability::Process, [this, &inside, value](WriteScope&) -> Result<int> {
        inside.count_down();
        gate_.wait();
        return ++*value;
      });
  inside.wait();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().detail, testing::HasSubstr("may have written"));
  gate_.count_down();
  end();
  EXPECT_EQ(*value, 1);
}

TEST_F(WriterTest, OneRequestThatFailsDoesNotSpoilTheOthersOfItsTransaction) {
  start();
  close_gate();
  std::vector<std::thread> callers;
  callers.reserve(9);
  std::atomic<int> done{0};
  std::latch queued(9);
  for (int n = 0; n < 9; ++n) {
    callers.emplace_back([this, n, &done, &queued] {
      queued.count_down();
      const bool bad = n % 3 == 0;
      if (writer_->run(Durability::Power,
                       append(bad ? "bad" : "good", bad ? Outcome::Undo : Outcome::Keep))) {
        ++done;
      }
    });
  }
  queued.wait();
  open_gate();
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(done, 9);
  end();
  EXPECT_EQ(sql("SELECT count(*) FROM audit WHERE detail = 'good'"), "6");
  EXPECT_EQ(sql("SELECT count(*) FROM audit WHERE detail = 'bad'"), "0");
  EXPECT_EQ(sql("SELECT max(sequence) FROM audit"), "6") << "no gap where one was undone";
  EXPECT_EQ(open().verify()->finding, "");
}

TEST_F(WriterTest, AnExceptionEndsItsOwnRequestOnly) {  // S142
  start();
  const auto failed = writer_->call<int>(
      Durability::Power, [](WriteScope&) -> Result<int> { throw std::bad_alloc(); });
  EXPECT_FALSE(failed);
  EXPECT_TRUE(writer_->run(Durability::Power, append("after")));
}

TEST_F(WriterTest, RequestsAreServedInTheOrderInWhichTheyCame) {
  start();
  close_gate();
  std::vector<int> order;
  std::vector<std::thread> callers;
  for (int n = 0; n < 20; ++n) {
    std::latch entering(1);
    callers.emplace_back([this, n, &order, &entering] {
      entering.count_down();
      (void)writer_->run(Durability::Process, [n, &order](WriteScope&) {
        order.push_back(n);
        return Outcome::Keep;
      });
    });
    entering.wait();
    // Entered means nearly queued; the order of two neighbours is not what this is about.
    std::this_thread::yield();
  }
  open_gate();
  for (auto& caller : callers) caller.join();
  ASSERT_EQ(order.size(), 20U);
  int displaced = 0;
  for (int n = 0; n < 20; ++n) {
    if (std::abs(order[static_cast<std::size_t>(n)] - n) > 15) ++displaced;
  }
  EXPECT_EQ(displaced, 0) << "nobody waits for those who came long after";
}

TEST_F(WriterTest, AFloodOfOneKindDoesNotStarveAnother) {
  start();
  std::atomic<bool> stop{false};
  std::vector<std::thread> flood(8);
  for (auto& one : flood) {
    one = std::thread([this, &stop] {
      while (!stop) (void)writer_->run(Durability::Process, append("flood"));
    });
  }
  for (int n = 0; n < 50; ++n) EXPECT_TRUE(writer_->run(Durability::Power, append("login")));
  stop = true;
  for (auto& one : flood) one.join();
  end();
  EXPECT_EQ(sql("SELECT count(*) FROM audit WHERE detail = 'login'"), "50");
}

TEST_F(WriterTest, TheLogDoesNotGrowForEver) {
  start();
  std::vector<std::thread> busy(4);
  for (auto& one : busy) {
    one = std::thread([this] {
      for (int i = 0; i < 1500; ++i) (void)writer_->run(Durability::Process, append("long"));
    });
  }
  for (auto& one : busy) one.join();
  // Without checkpoints, six thousand transactions would leave well over six thousand pages.
  EXPECT_LT(std::filesystem::file_size(path("store.db-wal")), 4000U * 4120U);
}

TEST_F(WriterTest, OnlyDurableWritesMoveTheSecondFileAndAlwaysThere) {  // S121
  start();
  for (int n = 1; n <= 3; ++n) {
    ASSERT_TRUE(writer_->run(Durability::Power, append("x")));
    EXPECT_EQ(EpochFile(path("epoch")).read(keys_)->sequence, static_cast<std::uint64_t>(n));
  }
}

TEST_F(WriterTest, TheSecondFileIsWrittenAtMostOncePerIntervalAndAtTheEnd) {  // S121
  start(60s, 1h);
  const auto noted = [this] { return EpochFile(path("epoch")).read(keys_)->sequence; };
  for (int n = 1; n <= 3; ++n) {
    ASSERT_TRUE(writer_->run(Durability::Power, append("x")));
    EXPECT_EQ(noted(), 1U);
  }
  ASSERT_TRUE(writer_->run(Durability::Power, [](WriteScope& scope) {
    scope.renew_epoch();
    return Outcome::Keep;
  }));
  EXPECT_EQ(noted(), 3U) << "under a new key it is written at once";
  ASSERT_TRUE(writer_->run(Durability::Power, append("x")));
  EXPECT_EQ(noted(), 3U);
  end();
  EXPECT_EQ(noted(), 4U);
}

}  // namespace
}  // namespace twinlock
