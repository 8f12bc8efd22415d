// SPDX-License-Identifier: MIT
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <random>

#include "tests/unit/store/store_fixture.h"

// What happens when the process, or the disk, ends (S130, S132). Randomness here only chooses when.
namespace twinlock {
namespace {

using testing::HasSubstr;

class KilledStoreTest : public StoreTest {
 protected:
  // Runs `work(store, acknowledge)` in a child; kills it with SIGKILL after `after` numbers were
  // acknowledged, and a little; returns the last one.
  int kill_during(const std::function<void(SqliteStore&, const std::function<void(int)>&)>& work,
                  int after) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("pipe");
    const pid_t child = fork();
    if (child == 0) {
      ::close(ends[0]);
      const auto acknowledge = [&ends](int number) {
        if (write(ends[1], &number, sizeof number) != sizeof number) _exit(1);
      };
      work(open(), acknowledge);
      _exit(0);
    }
    ::close(ends[1]);
    int last = 0;
    int number = 0;
    for (int n = 0; n < after && read(ends[0], &number, sizeof number) == sizeof number; ++n) {
      last = number;
    }
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << status;
    while (read(ends[0], &number, sizeof number) == sizeof number) last = number;
    ::close(ends[0]);
    return last;
  }
};

TEST_F(KilledStoreTest, NoGrantThatWasAcknowledgedIsLostAndNoneIsHalf) {  // S87, S88, S130
  enroll(open());
  close();
  std::minstd_rand random(1);
  int step = 0;
  for (int round = 0; round < 40; ++round) {
    const int start = step;
    const int acknowledged = kill_during(
        [&](SqliteStore& store, const auto& acknowledge) {
          for (int n = start + 1;; ++n) {
            if (log_in(store, n) != GrantOutcome::Granted) _exit(2);
            acknowledge(n);
          }
        },
        1 + static_cast<int>(random() % 12));
    auto& store = open();
    const auto used = (**store.otp_method(method_id(1))).credential.last_used;
    EXPECT_GE(used, acknowledged);
    EXPECT_LE(used, acknowledged + 1) << "at most the one that was on its way";
    for (MovingFactor n = start + 1; n <= used; ++n) {
      EXPECT_EQ((**store.conversation(nonce(static_cast<int>(n)))).phase, Phase::Granted) << n;
      EXPECT_EQ(log_in(store, static_cast<int>(n)), GrantOutcome::ConversationMoved);
    }
    const auto newest = store.read({.after = 0, .newest = true, .limit = 1, .user = {}});
    EXPECT_EQ(newest->front().sequence, static_cast<std::uint64_t>(used) + 1)
        << "one record for each grant, and the enrollment's";
    ASSERT_EQ(store.verify()->finding, "");
    step = static_cast<int>(used);
    close();
  }
}

TEST_F(KilledStoreTest, NoCountedAttemptIsForgotten) {  // S88
  enroll(open());
  close();
  std::minstd_rand random(2);
  int counted = 0;
  for (int round = 0; round < 15; ++round) {
    const int start = counted;
    const int acknowledged = kill_during(
        [&](SqliteStore& store, const auto& acknowledge) {
          for (int n = start;; ++n) {
            auto one = conversation(n + 1);
            one.subject[4] = static_cast<std::uint8_t>(n >> 8);
            one.subject[5] = static_cast<std::uint8_t>(n);
            if (!store.open_conversation(one, kConversationLimits)) _exit(2);
            const auto before = store.attempts(alice(), Budget::ShortCode, {});
            const auto claim =
                store.count_attempt(answered(one, 20'000 + n),
                                    one.nonce,
                                    alice(),
                                    {Budget::ShortCode, {}, with_failure(*before, kNow)});
            if (!claim || *claim != AttemptClaim::Counted) _exit(3);
            acknowledge(n + 1);
          }
        },
        1 + static_cast<int>(random() % 20));
    const auto attempts = open().attempts(alice(), Budget::ShortCode, {});
    EXPECT_GE(attempts->consecutive, acknowledged);
    EXPECT_LE(attempts->consecutive, acknowledged + 1);
    counted = attempts->consecutive;
    close();
  }
}

TEST_F(KilledStoreTest, AnInterruptedRotationGoesOn) {  // S118
  constexpr int kRows = 300;
  for (int n = 1; n <= kRows; ++n) enroll(n == 1 ? open() : *store_, n);
  close();
  keys_.rotate();
  std::minstd_rand random(3);
  for (int round = 0; round < 8; ++round) {
    kill_during(
        [](SqliteStore& store, const auto& acknowledge) {
          while (true) {
            const auto done = store.reseal(7);
            if (!done) _exit(2);
            acknowledge(*done);
          }
        },
        1 + static_cast<int>(random() % 4));
    EXPECT_EQ(standing_of(open())->otp.size(), static_cast<std::size_t>(kRows));
    close();
  }
  open();
  while (*store_->reseal(50) > 0) {
  }
  keys_.lose(1);
  EXPECT_EQ(standing_of(*store_)->otp.size(), static_cast<std::size_t>(kRows))
      << "nothing names the old key";
  close();
  open();
}

class UnreadableTableTest : public StoreTest {};

class FullDiskTest : public StoreTest {
 protected:
  // A disk of two megabytes, of this thread and the threads that it starts alone.
  void SetUp() override {
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, "size=2m,mode=0700") != 0) {
      GTEST_SKIP() << "needs root and mount namespaces";
    }
    options_.reserve_size = std::size_t{512} << 10;
    enroll(open());
  }
  void TearDown() override {
    close();
    umount2(directory_.path().c_str(), MNT_DETACH);
  }
  void fill() const {
    std::ofstream file(path("filler"), std::ios::binary);
    const std::string block(1024, 'x');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
};

TEST_F(FullDiskTest, TheReserveKeepsLoginsGoing) {  // S132
  fill();
  for (int step = 1; step <= 100; ++step) {
    ASSERT_EQ(log_in(*store_, step), GrantOutcome::Granted) << step;
  }
  const auto told = alerts(StoreAlert::Full);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told.front(), HasSubstr(path("store.db") + ": its disk is full"));
  EXPECT_THAT(told.front(), HasSubstr("the reserve was given up, so that nothing is lost"));
  EXPECT_THAT(told.front(), HasSubstr("Make room: "));
  EXPECT_TRUE(alerts(StoreAlert::NoRoom).empty()) << "nothing was refused";
  EXPECT_FALSE(std::filesystem::exists(path("reserve")));

  std::filesystem::remove(path("filler"));
  ASSERT_TRUE(store_->purge(kNow, 100));
  EXPECT_EQ(std::filesystem::file_size(path("reserve")), options_.reserve_size) << "rebuilt";
  EXPECT_EQ(store_->verify()->finding, "");
}

TEST_F(FullDiskTest, TheReserveLetsAStoreBeOpened) {  // S132
  close();
  fill();
  ASSERT_EQ(log_in(open(), 1), GrantOutcome::Granted);
  EXPECT_FALSE(std::filesystem::exists(path("reserve")));
  EXPECT_EQ(store_->verify()->finding, "");
}

TEST_F(FullDiskTest, WithoutReserveWritesAreRefusedUntilThereIsRoom) {  // S132
  fill();
  int step = 0;
  bool refused = false;
  while (!refused && step < 5000) {
    try {
      ASSERT_EQ(log_in(*store_, step + 1), GrantOutcome::Granted);
      ++step;
    } catch (const std::runtime_error&) {
      refused = true;
    }
    fill();
  }
  ASSERT_TRUE(refused);
  int refusals = 1;
  for (int n = 0; refusals < 5 && n < 5000; ++n) {
    if (!store_->append(event(AuditEventType::LoginDenied))) ++refusals;
    fill();
  }
  ASSERT_EQ(refusals, 5);
  EXPECT_EQ(alerts(StoreAlert::NoRoom).size(), 1U) << "told once, not at each write";
  EXPECT_EQ(store_->methods_of("alice")->size(), 1U) << "reading goes on";
  const auto used = (**store_->otp_method(method_id(1))).credential.last_used;
  EXPECT_EQ(used, step == 0 ? -1 : step) << "what was refused did not happen";

  std::filesystem::remove(path("filler"));
  EXPECT_EQ(log_in(*store_, step + 2), GrantOutcome::Granted) << "without a restart";
  EXPECT_EQ(store_->verify()->finding, "");
  close();
  EXPECT_EQ(open().verify()->finding, "") << "nothing was damaged";
}

TEST_F(UnreadableTableTest, ADocketIsReadInWholeOrNotAtAll) {  // S01, S28
  // What couldn't be read must never look like something that isn't there: no credentials, no
  // failed attempts, nothing that ever happened later than now.
  enroll(open());
  ASSERT_TRUE(store_->replace_recovery_codes(
      recovery_method(2), {code_digest(1)}, event(AuditEventType::RecoveryCodesMade)));
  const auto asking = conversation(1);
  ASSERT_TRUE(store_->open_conversation(asking, kConversationLimits));
  const auto readable = [&](Budget budget) {
    const auto found = store_->docket(asking.id, asking.nonce, budget);
    return found && *found && (*found)->standing;
  };
  ASSERT_TRUE(readable(Budget::ShortCode));
  ASSERT_TRUE(readable(Budget::RecoveryCode));
  for (const std::string table : {"conversation", "settings", "attempts", "method"}) {
    sql("ALTER TABLE " + table + " RENAME TO gone");
    EXPECT_FALSE(store_->docket(asking.id, asking.nonce, Budget::ShortCode)) << table;
    EXPECT_FALSE(store_->docket(asking.id, asking.nonce, Budget::RecoveryCode)) << table;
    sql("ALTER TABLE gone RENAME TO " + table);
  }
  sql("ALTER TABLE audit_head RENAME TO gone");
  EXPECT_FALSE(store_->docket(asking.id, asking.nonce, Budget::ShortCode));
  sql("ALTER TABLE gone RENAME TO audit_head; ALTER TABLE recovery_code RENAME TO gone");
  EXPECT_FALSE(store_->docket(asking.id, asking.nonce, Budget::RecoveryCode));
  sql("ALTER TABLE gone RENAME TO recovery_code; DELETE FROM settings");
  EXPECT_FALSE(store_->docket(asking.id, asking.nonce, Budget::ShortCode));
}

}  // namespace
}  // namespace twinlock
