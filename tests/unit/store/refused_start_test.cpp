// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <tuple>

#include "tests/unit/store/store_fixture.h"

// A start that is refused leaves every file of the store as it was, bytes and times, also beside a
// store that wasn't closed in order: whoever looks for the cause finds what there was.
namespace twinlock {
namespace {

using testing::HasSubstr;

class RefusedStartTest : public StoreTest {
 protected:
  enum class Index { Stale, Missing };  // "-shm", which no start may believe

  // A store as kill -9 leaves it.
  void SetUp() override {
    enroll(open());
    const auto database = content("store.db");
    const auto log = content("store.db-wal");
    const auto epoch = content("epoch");
    ASSERT_EQ(log_in(*store_, 100), GrantOutcome::Granted);
    close();
    later_epoch_ = content("epoch");
    std::filesystem::remove(path("clean"));
    overwrite("store.db", database);
    overwrite("store.db-wal", log);
    overwrite("epoch", epoch);
    std::filesystem::permissions(path("store.db-wal"), std::filesystem::perms{0600});
  }
  void leave_index(Index index) {
    std::filesystem::remove(path("store.db-shm"));
    if (index == Index::Missing) return;
    overwrite("store.db-shm", std::string(32768, 'x'));
    std::filesystem::permissions(path("store.db-shm"), std::filesystem::perms{0600});
  }

  using Stamp = std::tuple<std::string, ino_t, std::int64_t, std::int64_t>;
  [[nodiscard]] std::map<std::string, Stamp> files() const {
    std::map<std::string, Stamp> found;
    for (const auto& file : std::filesystem::directory_iterator(options_.directory)) {
      struct stat status {};
      lstat(file.path().c_str(), &status);
      found[file.path().filename()] = {content(file.path().filename()),
                                       status.st_ino,
                                       status.st_mtim.tv_sec,
                                       status.st_mtim.tv_nsec};
    }
    return found;
  }
  void expect_refused_unchanged(const std::string& why) {
    ASSERT_TRUE(std::filesystem::exists(path("store.db-wal")));
    for (const auto index : {Index::Stale, Index::Missing}) {
      leave_index(index);
      const auto before = files();
      EXPECT_THAT(refusal(), HasSubstr(why));
      EXPECT_EQ(files(), before);
    }
  }

  std::string later_epoch_;
};

TEST_F(RefusedStartTest, TheLogIsSoundAndCounts) {
  leave_index(Index::Stale);
  EXPECT_EQ(refusal(), "");
  EXPECT_EQ(open().methods_of("alice")->size(), 1U);
}

TEST_F(RefusedStartTest, SomebodyWhoHasTheFileOpenHoldsOffNoStart) {  // S130
  leave_index(Index::Stale);
  auto opened = sqlite::Database::open(path("store.db"), sqlite::Database::Access::Read);
  ASSERT_TRUE(opened);
  auto other = *std::move(opened);
  ASSERT_TRUE(other.prepare("SELECT count(*) FROM method").step());
  EXPECT_EQ(refusal(), "");
}

TEST_F(RefusedStartTest, ForAnotherKeyItChangesNothing) {  // S117, S135
  keys_.rotate();
  keys_.lose(1);
  expect_refused_unchanged("master key is not the one");
}

TEST_F(RefusedStartTest, ForANewerVersionItChangesNothing) {
  sql("PRAGMA user_version = 1000");
  expect_refused_unchanged("written by a newer Twinlock");
}

TEST_F(RefusedStartTest, ForDamageItChangesNothing) {  // S133
  sql("DROP TABLE recovery_code");
  expect_refused_unchanged("the store is damaged");
}

TEST_F(RefusedStartTest, ForAnOldCopyItChangesNothing) {  // S121
  overwrite("epoch", later_epoch_);
  expect_refused_unchanged("the store is an old copy");
}

TEST_F(RefusedStartTest, ForAnEmptiedFileItKeepsTheLog) {  // S134
  overwrite("store.db", "");
  expect_refused_unchanged("the store is empty");
}

}  // namespace
}  // namespace twinlock
