// SPDX-License-Identifier: MIT
#include "daemon/store/occupancy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <thread>

#include "daemon/store/write_turn.h"
#include "tests/fakes/temporary_directory.h"

namespace twinlock {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Each Occupancy opens the file anew, so that to the kernel it is another process.
class OccupancyTest : public testing::Test {
 protected:
  Result<Occupancy> try_to_enter(std::vector<Seat> seats) {
    auto file = LockFile::open(path_);
    if (!file) return file.error();
    return Occupancy::enter(*std::move(file), path_, std::move(seats));
  }
  Occupancy enter(Seat seat) {
    auto entered = try_to_enter({seat});
    if (!entered) throw std::runtime_error(entered.error().detail);
    auto occupancy = *std::move(entered);
    occupancy.settle();
    return occupancy;
  }
  // What a process does that closes the store in order; whether it was the last of all.
  static bool go(Occupancy occupancy) {
    occupancy.begin_to_leave();
    const bool is_last = occupancy.is_last_of_all();
    occupancy.leave();
    return is_last;
  }
  static void die(Occupancy /*occupancy*/) {}

  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "lock";
};

TEST_F(OccupancyTest, EachSeatIsForOneProcess) {  // S119
  const auto bus = enter(Seat::Bus);
  const auto http = enter(Seat::Http);
  EXPECT_TRUE(bus.is_first());
  EXPECT_FALSE(http.is_first());
  for (const auto& [seat, name] : {std::pair(Seat::Bus, "serve --bus, process "),
                                   std::pair(Seat::Http, "serve --http, pro")}) {
    const auto second = try_to_enter({seat});
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().detail,
                AllOf(HasSubstr("another twinlockd uses this store"),
                      HasSubstr(name),
                      HasSubstr(std::to_string(getpid()))));
  }
}

TEST_F(OccupancyTest, BothSeatsMayBeOneProcess) {
  auto entered = try_to_enter({Seat::Bus, Seat::Http});
  ASSERT_TRUE(entered);
  auto both = *std::move(entered);
  both.settle();
  EXPECT_FALSE(try_to_enter({Seat::Http}));
  EXPECT_TRUE(go(std::move(both)));
}

TEST_F(OccupancyTest, NobodyComesInWithoutASeat) { EXPECT_FALSE(try_to_enter({})); }

TEST_F(OccupancyTest, ACommandHasTheStoreForItself) {  // S119
  {
    const auto http = enter(Seat::Http);
    const auto command = try_to_enter({Seat::Command});
    ASSERT_FALSE(command);
    EXPECT_THAT(command.error().detail, HasSubstr("serve --http, process "));
  }
  const auto command = enter(Seat::Command);
  for (const auto seat : {Seat::Bus, Seat::Http, Seat::Command}) {
    const auto other = try_to_enter({seat});
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error().detail, HasSubstr("a command, process "));
  }
}

TEST_F(OccupancyTest, WhoComesSecondWaitsUntilTheFirstHasOpenedTheStore) {
  auto entered = try_to_enter({Seat::Bus});
  ASSERT_TRUE(entered);
  auto first = *std::move(entered);
  std::atomic<bool> is_open{false};
  auto second = std::async(std::launch::async, [&] {
    const auto http = enter(Seat::Http);
    EXPECT_TRUE(is_open);
    EXPECT_FALSE(http.is_first());
  });
  // It has its seat, and can only be waiting at the gate.
  while (!first.file().is_held_elsewhere(LockFile::Part::Http)) std::this_thread::yield();
  is_open = true;
  first.settle();
  second.get();
}

TEST_F(OccupancyTest, WhereTheFirstGivesUpTheSecondIsTheFirst) {
  auto entered = try_to_enter({Seat::Bus});
  ASSERT_TRUE(entered);
  auto first = std::make_unique<Occupancy>(*std::move(entered));
  auto second = std::async(std::launch::async, [&] { return enter(Seat::Http).is_first(); });
  while (!first->file().is_held_elsewhere(LockFile::Part::Http)) std::this_thread::yield();
  first.reset();
  EXPECT_TRUE(second.get());
}

TEST_F(OccupancyTest, OnlyTheLastOneOutIsTheLast) {
  auto bus = enter(Seat::Bus);
  auto http = enter(Seat::Http);
  EXPECT_FALSE(go(std::move(bus)));
  EXPECT_TRUE(go(std::move(http)));
}

TEST_F(OccupancyTest, OfTwoThatGoAtOnceOneIsTheLast) {
  for (int n = 0; n < 200; ++n) {
    auto bus = enter(Seat::Bus);
    auto http = enter(Seat::Http);
    auto other = std::async(std::launch::async, [&] { return go(std::move(bus)); });
    const bool is_last = go(std::move(http));
    ASSERT_NE(is_last, other.get());
  }
}

TEST_F(OccupancyTest, WhereAnybodyWasKilledNobodyIsTheLastInOrder) {  // S130, S133
  auto http = enter(Seat::Http);
  die(enter(Seat::Bus));
  EXPECT_FALSE(go(std::move(http)));
}

TEST_F(OccupancyTest, ASeatThatIsTakenAgainHidesNoDisorder) {  // S130, S133
  auto http = enter(Seat::Http);
  die(enter(Seat::Bus));
  auto bus = enter(Seat::Bus);
  EXPECT_FALSE(go(std::move(http)));
  EXPECT_FALSE(go(std::move(bus)));
}

TEST_F(OccupancyTest, TheNextFirstBeginsAnew) {
  auto http = enter(Seat::Http);
  die(enter(Seat::Bus));
  die(std::move(http));
  auto bus = enter(Seat::Bus);
  EXPECT_TRUE(bus.is_first()) << "it checks the whole store";
  EXPECT_TRUE(go(std::move(bus)));
}

TEST_F(OccupancyTest, ASeatIsFreeOnceItsProcessIsKilled) {  // S130
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto occupancy = enter(Seat::Bus);
    static_cast<void>(!write(ends[1], "x", 1));
    for (;;) pause();
  }
  char byte = 0;
  ASSERT_EQ(read(ends[0], &byte, 1), 1);
  EXPECT_THAT(try_to_enter({Seat::Bus}).error().detail, HasSubstr(std::to_string(child)));
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(enter(Seat::Bus).is_first());
  close(ends[0]);
  close(ends[1]);
}

TEST_F(OccupancyTest, TheDutyIsOnesUntilItGoes) {
  auto bus = std::make_unique<Occupancy>(enter(Seat::Bus));
  auto http = enter(Seat::Http);
  EXPECT_TRUE(http.is_on_duty());
  EXPECT_FALSE(bus->is_on_duty());
  EXPECT_TRUE(http.is_on_duty());
  die(std::move(http));
  EXPECT_TRUE(bus->is_on_duty());
}

TEST_F(OccupancyTest, WhoHasASeatSaysWhatItSealsUnder) {  // S118
  auto bus = enter(Seat::Bus);
  auto http = enter(Seat::Http);
  bus.seals_under(2);
  http.seals_under(1);
  const auto file = LockFile::open(path_);
  const auto found = occupants_of(*file);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].key, 2U);
  EXPECT_EQ(found[1].key, 1U);
  http.seals_under(2);
  EXPECT_EQ(occupants_of(*file)[1].key, 2U);
}

// A commit of another process is what a login may have to wait for, and no more than one.
class WriteTurnTest : public OccupancyTest {
 protected:
  LockFile open() {
    auto file = LockFile::open(path_);
    if (!file) throw std::runtime_error(file.error().detail);
    return *std::move(file);
  }
};

TEST_F(WriteTurnTest, WhoWaitsIsNextHoweverOftenTheOtherAsksAgain) {
  const auto file = open();
  const auto other_file = open();
  const WriteTurn ours(file);
  const WriteTurn others(other_file);
  constexpr int kRounds = 500;
  for (int n = 0; n < kRounds; ++n) {
    ASSERT_TRUE(ours.take());
    std::atomic<bool> other_had_it{false};
    std::jthread other([&] {
      ASSERT_TRUE(others.take());
      other_had_it = true;
      others.give_up();
    });
    // Once it is the next one, it waits for the turn that we have.
    while (!file.is_held_elsewhere(LockFile::Part::NextTurn)) std::this_thread::yield();
    ours.give_up();
    ASSERT_TRUE(ours.take());  // at once again
    EXPECT_TRUE(other_had_it) << "a second turn in a row while another waited";
    ours.give_up();
  }
}

TEST_F(WriteTurnTest, ATurnEndsWithItsProcess) {  // S130
  const auto file = open();
  const WriteTurn ours(file);
  auto dying = std::make_unique<LockFile>(open());
  ASSERT_TRUE(WriteTurn(*dying).take());
  std::jthread waiting([&] { ASSERT_TRUE(ours.take()); });
  while (!dying->is_held_elsewhere(LockFile::Part::NextTurn)) std::this_thread::yield();
  dying.reset();
}

}  // namespace
}  // namespace twinlock
