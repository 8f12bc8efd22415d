// SPDX-License-Identifier: MIT
#include "daemon/domain/departures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/domain/login_world.h"

// S148: what accounts leave behind that are gone from the system.
namespace twinlock {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kLimit = 100;

class DeparturesTest : public testing::Test {
 protected:
  DeparturesTest() { world_.enroll(world_.alice); }

  // Looks for everybody once; returns how many looks went wrong.
  int look() {
    for (int errors = 0, looks = 0;; ++looks) {
      const auto looked = departures_.look_on(kLimit);
      if (looked && *looked != Departures::Round::GoesOn) return errors;
      if (!looked) ++errors;
      if (looks > 100) throw std::runtime_error("a round without an end");
    }
  }
  // Looks once a day for so many days, the first time now.
  void look_daily(int days) {
    for (int day = 0; day < days; ++day) {
      look();
      world_.clock.advance(24h);
    }
  }
  [[nodiscard]] std::size_t methods(std::string_view name = "alice") {
    return world_.memory.methods_of(name)->size();
  }
  [[nodiscard]] std::vector<AuditEvent> purges() {
    return world_.audited(AuditEventType::AccountPurged);
  }

  LoginWorld world_;
  Departures departures_{
      {world_.ports.store, world_.ports.directory, world_.ports.clock, world_.audit}};
};

TEST_F(DeparturesTest, AnAccountThatIsGoneForThirtyDaysIsPurgedAndRecorded) {
  world_.enroll(world_.bob);
  world_.directory.remove("alice");
  look_daily(31);  // the last one sees thirty days, and not more
  EXPECT_EQ(methods(), 1U);
  EXPECT_THAT(purges(), IsEmpty());
  look();
  EXPECT_EQ(methods(), 0U);
  EXPECT_EQ(methods("bob"), 1U);
  ASSERT_THAT(purges(), SizeIs(1));
  EXPECT_EQ(purges().front().user, "alice");
  EXPECT_EQ(purges().front().uid, 1000U);
  EXPECT_EQ(purges().front().actor, "twinlockd");
  EXPECT_EQ(purges().front().detail, "gone from the system for 31 days");
  EXPECT_EQ(world_.log.events().back().type, AuditEventType::AccountPurged);
  look();
  EXPECT_THAT(purges(), SizeIs(1));
}

TEST_F(DeparturesTest, AnAccountThatIsThereIsLeftAlone) {
  look_daily(100);
  EXPECT_EQ(methods(), 1U);
  EXPECT_FALSE(world_.memory.owners_after({}, 1)->front().absence);
  EXPECT_THAT(world_.log.problems(), IsEmpty());
}

TEST_F(DeparturesTest, TheAdministratorHearsOnceOfAnAccountThatIsGone) {
  world_.directory.remove("alice");
  look_daily(3);
  ASSERT_THAT(world_.log.problems(), SizeIs(1));
  EXPECT_THAT(world_.log.problems().front().text, HasSubstr("alice (uid 1000) is gone"));
}

TEST_F(DeparturesTest, TheAdministratorHearsOfAnAccountThatIsThereAgain) {
  world_.directory.remove("alice");
  look();
  world_.directory.add(world_.alice);
  look_daily(2);
  ASSERT_THAT(world_.log.problems(), SizeIs(2));
  EXPECT_THAT(world_.log.problems().back().text, HasSubstr("alice (uid 1000) is there again"));
}

// A directory that comes up after us each time the machine starts.
TEST_F(DeparturesTest, WhoIsMissedOnlyWhenTheMachineStartsIsNeverPurged) {
  world_.directory.remove("alice");
  for (int day = 0; day < 100; ++day) {
    Departures fresh(
        {world_.ports.store, world_.ports.directory, world_.ports.clock, world_.audit});
    while (*fresh.look_on(kLimit) == Departures::Round::GoesOn) {
    }
    world_.clock.advance(24h);
  }
  EXPECT_EQ(methods(), 1U);
}

TEST_F(DeparturesTest, TheRoundThatPurgesNobodyIsToldApart) {
  const auto round = [this] {
    auto looked = departures_.look_on(kLimit);
    while (*looked == Departures::Round::GoesOn) looked = departures_.look_on(kLimit);
    return *looked;
  };
  EXPECT_EQ(round(), Departures::Round::FirstDone);
  EXPECT_EQ(round(), Departures::Round::Done);
  EXPECT_EQ(round(), Departures::Round::Done);
}

TEST_F(DeparturesTest, WhoLoggedInMeanwhileWasThere) {
  const auto credential = world_.enroll(world_.bob);
  world_.directory.remove("bob");
  look_daily(20);
  world_.directory.add(world_.bob);
  ASSERT_EQ(world_.login(world_.code(credential), "bob").kind, wire::StepKind::Granted);
  world_.directory.remove("bob");
  look_daily(31);
  EXPECT_EQ(methods("bob"), 1U);
  look();
  EXPECT_EQ(methods("bob"), 0U);
}

TEST_F(DeparturesTest, ADirectoryThatIsAwayMakesNobodyGone) {  // S47
  for (int day = 0; day < 100; ++day) {
    world_.faults.fail_next("find", Fault::Error);
    EXPECT_EQ(look(), 1);
    world_.clock.advance(24h);
  }
  EXPECT_EQ(methods(), 1U);
  EXPECT_FALSE(world_.memory.owners_after({}, 1)->front().absence);
}

TEST_F(DeparturesTest, AnAccountThatComesBackStartsAnew) {
  world_.directory.remove("alice");
  look_daily(30);
  world_.directory.add(world_.alice);
  look_daily(1);
  world_.directory.remove("alice");
  look_daily(31);
  EXPECT_EQ(methods(), 1U);
  look();
  EXPECT_EQ(methods(), 0U);
}

TEST_F(DeparturesTest, ANameWithAnotherUidIsNotTheOldAccount) {  // S37
  const Account successor{"alice", 2000};
  world_.directory.add(successor);
  world_.enroll(successor);
  look_daily(32);
  ASSERT_EQ(methods(), 1U);
  EXPECT_EQ(world_.memory.methods_of("alice")->front().owner.uid, 2000U);
  EXPECT_EQ(purges().front().uid, 1000U);
}

TEST_F(DeparturesTest, AnAbsenceNobodyLookedAtForAWeekBeginsAnew) {
  world_.directory.remove("alice");
  look_daily(29);
  world_.clock.advance(8 * 24h);  // the daemon was off
  look_daily(30);
  EXPECT_EQ(methods(), 1U);
  look_daily(2);
  EXPECT_EQ(methods(), 0U);
}

TEST_F(DeparturesTest, AClockThatJumpsAheadPurgesNobody) {  // S136
  world_.directory.remove("alice");
  look();
  world_.clock.set_wall(world_.clock.wall() + 24h * 3650);
  look();
  EXPECT_EQ(methods(), 1U);
}

TEST_F(DeparturesTest, AClockThatIsSetBackBeginsTheAbsenceAnew) {  // S136
  world_.directory.remove("alice");
  look_daily(3);
  const auto before = world_.clock.wall() - 24h * 10;
  world_.clock.set_wall(before);
  look();
  EXPECT_EQ(world_.memory.owners_after({}, 1)->front().absence->first_seen, before);
}

TEST_F(DeparturesTest, WhoeverKeepsThemForEverKeepsThem) {
  departures_.keep_for(std::nullopt);
  world_.directory.remove("alice");
  look_daily(100);
  EXPECT_EQ(methods(), 1U);
  departures_.keep_for(24h * 100);
  look();
  EXPECT_EQ(methods(), 1U);
  departures_.keep_for(24h * 99);
  look();
  EXPECT_EQ(methods(), 0U);
}

TEST_F(DeparturesTest, MuchIsDeletedInBatches) {
  world_.recovery_codes(world_.alice);
  world_.directory.remove("alice");
  look_daily(31);
  for (int batches = 0; methods() > 0; ++batches) {
    ASSERT_LT(batches, 100);
    const auto looked = departures_.look_on(2);
    ASSERT_TRUE(looked && *looked == Departures::Round::GoesOn) << "all of it in one round";
  }
  EXPECT_GT(purges().size(), 1U) << "each batch is recorded with what it deleted (S127)";
  EXPECT_EQ(look(), 0);
}

TEST_F(DeparturesTest, OneOwnerThatCanNotBeJudgedDoesNotHoldUpTheOthers) {
  world_.enroll(world_.bob);
  world_.directory.remove("bob");
  for (int day = 0; day < 32; ++day) {
    world_.faults.fail_next("find", Fault::Error);  // alice, who comes first
    EXPECT_EQ(look(), 1);
    world_.clock.advance(24h);
  }
  EXPECT_EQ(methods(), 1U);
  EXPECT_EQ(methods("bob"), 0U);
}

TEST_F(DeparturesTest, AFailureOfTheStoreOrTheClockPurgesNobodyAndIsNoLoop) {
  world_.directory.remove("alice");
  look_daily(29);
  for (const auto* call : {"now", "owners_after", "note_absence"}) {
    world_.faults.fail_next(call, Fault::Error);
    EXPECT_FALSE(departures_.look_on(kLimit)) << call;
    look();
  }
  EXPECT_EQ(methods(), 1U);
}

TEST_F(DeparturesTest, ALoginStopsAtOnceWithoutAnyPurge) {
  const auto credential = world_.enroll(world_.bob);
  world_.directory.remove("bob");
  EXPECT_NE(world_.login(world_.code(credential), "bob").kind, wire::StepKind::Granted);
}

}  // namespace
}  // namespace twinlock
