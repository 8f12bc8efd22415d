// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include "daemon/store/sqlite_store.h"
#include "daemon/system/credential_key_ring.h"
#include "daemon/system/key_file.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/integration/store/neighbour.h"

// Two processes, for real, on one store.
namespace twinlock::testing {
namespace {

class TwoProcesses : public ::testing::Test {
 protected:
  TwoProcesses() {
    std::filesystem::create_directory(directory_ / "state");
    std::filesystem::permissions(directory_ / "state", std::filesystem::perms{0700});
    if (!create_key_file(key_file_, WallTime{})) throw std::runtime_error("no key");
    static_cast<void>(open());
  }

  // The store as it is, for us alone.
  std::unique_ptr<SqliteStore> open() {
    keys_ = *CredentialKeyRing::open(key_file_, nullptr);
    auto opened = SqliteStore::open({.directory = state(), .seats = {Seat::Command}}, *keys_, {});
    if (!opened) throw std::runtime_error(opened.error().detail);
    return *std::move(opened);
  }
  std::unique_ptr<Neighbour> start(const char* seat) {
    return std::make_unique<Neighbour>(state(), key_file_, seat);
  }
  // What it has told of must be there for good.
  void note(const Neighbour& neighbour) {
    told_.insert(told_.end(), neighbour.records().begin(), neighbour.records().end());
  }
  void expect_whole() {
    const auto store = open();
    const auto verified = store->verify();
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_EQ(verified->finding, "");
    std::set<std::string> kept;
    for (std::uint64_t after = 0;;) {
      const auto part = store->read({.after = after, .newest = false, .limit = 1000, .user = {}});
      ASSERT_TRUE(part);
      if (part->empty()) break;
      for (const auto& record : *part) kept.insert(record.event.detail);
      after = part->back().sequence;
    }
    int lost = 0;
    for (const auto& record : told_) lost += kept.contains(record) ? 0 : 1;
    EXPECT_EQ(lost, 0) << "of " << told_.size() << " that were told";
  }
  [[nodiscard]] std::string state() const { return directory_ / "state"; }
  [[nodiscard]] bool has_note() const {
    return std::filesystem::exists(directory_ / "state/clean");
  }

  TemporaryDirectory directory_;
  const std::string key_file_ = directory_ / "key";
  std::unique_ptr<CredentialKeyRing> keys_;
  std::vector<std::string> told_;
};

TEST_F(TwoProcesses, OneThatIsKilledLeavesTheOtherWorkingAndTheChainWhole) {  // S127, S130
  auto bus = start("bus");
  auto http = start("http");
  for (int n = 0; n < 30; ++n) {
    auto& victim = n % 2 == 0 ? bus : http;
    auto& other = n % 2 == 0 ? http : bus;
    victim->await_records(static_cast<std::size_t>(n % 7));
    victim->kill();
    note(*victim);
    other->await_records(20);
    victim = start(n % 2 == 0 ? "bus" : "http");
  }
  EXPECT_EQ(bus->end(), 0);
  EXPECT_EQ(http->end(), 0);
  note(*bus);
  note(*http);
  EXPECT_FALSE(has_note()) << "where one was killed the next start reads everything";
  expect_whole();
}

TEST_F(TwoProcesses, BothMayBeKilledAtOnce) {  // S130
  for (int n = 0; n < 10; ++n) {
    auto bus = start("bus");
    auto http = start("http");
    bus->await_records(5);
    http->await_records(5);
    bus->kill();
    http->kill();
    note(*bus);
    note(*http);
  }
  expect_whole();
}

TEST_F(TwoProcesses, BothEndInOrder) {
  auto bus = start("bus");
  auto http = start("http");
  bus->await_records(50);
  http->await_records(50);
  EXPECT_EQ(bus->end(), 0);
  EXPECT_FALSE(has_note());
  http->await_records(50);
  EXPECT_EQ(http->end(), 0);
  EXPECT_TRUE(has_note());
  note(*bus);
  note(*http);
  expect_whole();
}

TEST_F(TwoProcesses, OneThatWasNotToldOfANewKeyReadsItWhereItMeetsIt) {  // S118
  auto bus = start("bus");
  bus->await_records(5);
  ASSERT_TRUE(add_key(key_file_, WallTime{}));
  auto http = start("http");  // knows both, and writes its records under the new one
  http->await_records(20);
  bus->await_records(200);
  EXPECT_EQ(bus->end(), 0);
  EXPECT_EQ(http->end(), 0);
  note(*bus);
  note(*http);
  expect_whole();
}

}  // namespace
}  // namespace twinlock::testing
