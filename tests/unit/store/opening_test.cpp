// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/store/sqlite_database.h"
#include "tests/unit/store/store_fixture.h"

namespace twinlock {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class StoreOpeningTest : public StoreTest {
 protected:
  // A store with one enrolled user, closed.
  void SetUp() override {
    enroll(open());
    close();
  }
};

TEST_F(StoreOpeningTest, EveryConnectionIsOpenedSafely) {  // S119
  using sqlite::Database;
  for (const auto access : {Database::Access::Read, Database::Access::Write}) {
    auto opened = Database::open(path("store.db"), access);
    ASSERT_TRUE(opened) << opened.error().detail;
    auto database = *std::move(opened);
    EXPECT_EQ(*database.query("PRAGMA journal_mode"), "wal");
    EXPECT_EQ(*database.query("PRAGMA synchronous"), "2");  // FULL
    EXPECT_EQ(*database.query("PRAGMA foreign_keys"), "1");
    EXPECT_EQ(*database.query("PRAGMA trusted_schema"), "0");
    EXPECT_EQ(*database.query("PRAGMA secure_delete"), "1");
    EXPECT_EQ(*database.query("PRAGMA cell_size_check"), "1");
    EXPECT_EQ(*database.query("PRAGMA mmap_size"), "0");
    EXPECT_EQ(*database.query("PRAGMA temp_store"), "2");  // MEMORY
    EXPECT_FALSE(database.query("SELECT \"double quotes are no string\""));
    EXPECT_FALSE(database.query("SELECT load_extension('x')"));
    EXPECT_FALSE(database.run("ATTACH ':memory:' AS other"));
    EXPECT_FALSE(database.run("PRAGMA writable_schema=ON; DELETE FROM sqlite_schema"));
  }
}

TEST_F(StoreOpeningTest, ItsFilesAreForItsOwnerAlone) {  // S119
  umask(0);
  open();
  for (const char* name :
       {"store.db", "store.db-wal", "store.db-shm", "epoch", "lock", "reserve"}) {
    struct stat status {};
    ASSERT_EQ(lstat(path(name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 07777, 0600U) << name;
  }
}

TEST_F(StoreOpeningTest, ASecondProcessIsRefused) {  // S119
  open();
  const auto second = SqliteStore::open(options_, keys_, nullptr);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().detail, HasSubstr("another twinlockd uses this store"));
}

TEST_F(StoreOpeningTest, ASymbolicLinkInPlaceOfTheFileIsNotFollowed) {  // S119
  std::filesystem::rename(path("store.db"), path("elsewhere.db"));
  std::filesystem::create_symlink(path("elsewhere.db"), path("store.db"));
  EXPECT_THAT(refusal(), HasSubstr("is not a regular file"));
}

TEST_F(StoreOpeningTest, ADirectoryBehindASymbolicLinkIsFine) {
  const TemporaryDirectory other;
  std::filesystem::create_directory_symlink(directory_.path(), other / "link");
  options_.directory = other / "link";
  EXPECT_THAT(refusal(), IsEmpty());
}

TEST_F(StoreOpeningTest, AFileThatOthersMayReadIsRefused) {  // S119
  chmod(path("store.db").c_str(), 0640);
  EXPECT_THAT(refusal(), HasSubstr("chmod 600"));
}

TEST_F(StoreOpeningTest, AFileOfSomebodyElseIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(chown(path("store.db").c_str(), 12345, 12345), 0);
  EXPECT_THAT(refusal(), HasSubstr("belongs to uid 12345"));
}

TEST_F(StoreOpeningTest, AMissingDirectoryIsRefused) {
  options_.directory = directory_ / "missing";
  EXPECT_THAT(refusal(), HasSubstr("make the directory"));
}

TEST_F(StoreOpeningTest, ANewerStoreIsRefusedAndLeftAsItIs) {
  sql("PRAGMA user_version = 2; PRAGMA wal_checkpoint(TRUNCATE)");
  const auto before = content("store.db");
  const auto epoch = content("epoch");
  EXPECT_THAT(refusal(), HasSubstr("written by a newer Twinlock (schema 2, this one knows 1)"));
  EXPECT_EQ(content("store.db"), before);
  EXPECT_EQ(content("epoch"), epoch);
}

TEST_F(StoreOpeningTest, SomebodyElsesDatabaseIsRefused) {
  sql("PRAGMA application_id = 4711");
  EXPECT_THAT(refusal(), HasSubstr("is not a store of Twinlock"));
}

TEST_F(StoreOpeningTest, AnotherKeyIsRefused) {  // S117, S135
  keys_.rotate();
  keys_.lose(1);
  EXPECT_THAT(refusal(), HasSubstr("master key is not the one"));
  EXPECT_EQ(sql("SELECT count(*) FROM method"), "1");
}

TEST_F(StoreOpeningTest, AMissingStoreIsNotMadeAnew) {  // S134
  std::filesystem::remove(path("store.db"));
  EXPECT_THAT(refusal(), HasSubstr("the store is missing"));
  EXPECT_FALSE(std::filesystem::exists(path("store.db")));
}

TEST_F(StoreOpeningTest, AnEmptiedStoreIsRefused) {  // S134
  overwrite("store.db", "");
  std::filesystem::remove(path("store.db-wal"));
  EXPECT_THAT(refusal(), HasSubstr("the store is empty"));
}

TEST_F(StoreOpeningTest, AStoreIsOnlyMadeWhereThatIsAllowed) {  // S134
  const TemporaryDirectory fresh;
  options_.directory = fresh.path();
  options_.creation = Creation::Refused;
  EXPECT_THAT(refusal(), HasSubstr("there is no store"));
}

TEST_F(StoreOpeningTest, AFirstStartThatWasInterruptedGoesOn) {
  const TemporaryDirectory fresh;
  options_.directory = fresh.path();
  // Killed after the empty file was made …
  ASSERT_EQ(::close(::creat((fresh / "store.db").c_str(), 0600)), 0);
  EXPECT_THAT(refusal(), IsEmpty());
  // … or after the schema was written, before there was a second file.
  std::filesystem::remove(fresh / "epoch");
  EXPECT_THAT(refusal(), IsEmpty());
}

TEST_F(StoreOpeningTest, FlippedBytesAreFoundAtTheStartAndTheFileIsKept) {  // S133
  for (int n = 2; n <= 200; ++n) enroll(n == 2 ? open() : *store_, n);
  close();
  const auto sound = content("store.db");
  int found = 0;
  const std::size_t page = 4096;
  for (std::size_t at = page; at + page <= sound.size(); at += page) {
    auto damaged = sound;
    for (std::size_t i = 0; i < 12; ++i) damaged[at + i] = static_cast<char>(~damaged[at + i]);
    overwrite("store.db", damaged);
    const auto why = refusal();
    if (why.empty()) continue;
    ++found;
    EXPECT_THAT(why, HasSubstr("is damaged"));
    EXPECT_EQ(content("store.db"), damaged) << "the file is kept as it is";
  }
  EXPECT_EQ(found, static_cast<int>(sound.size() / page) - 1) << "each page's header was spoiled";
}

TEST_F(StoreOpeningTest, ATruncatedStoreIsRefused) {  // S133
  for (int n = 2; n <= 50; ++n) enroll(n == 2 ? open() : *store_, n);
  close();
  const auto sound = content("store.db");
  for (const std::size_t size : {std::size_t{50}, std::size_t{4096}, sound.size() - 4096}) {
    overwrite("store.db", sound.substr(0, size));
    EXPECT_THAT(refusal(), HasSubstr("damaged")) << size;
  }
}

TEST_F(StoreOpeningTest, NoiseInPlaceOfTheStoreIsRefused) {  // S133
  overwrite("store.db", std::string(8192, 'x'));
  EXPECT_THAT(refusal(), HasSubstr("damaged"));
}

TEST_F(StoreOpeningTest, DamageFoundWhileRunningDeniesEverythingFromThenOn) {  // S133
  auto& store = open();
  ASSERT_TRUE(store.append(event(AuditEventType::DaemonStarted)));
  // Behind everybody's back: the root of the table of methods, in the log and in the file.
  sql("PRAGMA wal_checkpoint(TRUNCATE)");
  auto damaged = content("store.db");
  const auto root = std::stoul(sql("SELECT rootpage FROM sqlite_schema WHERE name = 'method'"));
  for (std::size_t i = 0; i < 100; ++i) damaged[(root - 1) * 4096 + i] = '\x7f';
  std::filesystem::resize_file(path("store.db-wal"), 0);
  {
    FILE* file = fopen(path("store.db").c_str(), "r+b");
    ASSERT_NE(file, nullptr);
    ASSERT_EQ(fwrite(damaged.data(), 1, damaged.size(), file), damaged.size());
    fclose(file);
  }
  EXPECT_FALSE(store.otp_credentials(alice()));
  EXPECT_FALSE(store.settings()) << "even what could still be read";
  EXPECT_FALSE(store.append(event(AuditEventType::LoginDenied)));
  EXPECT_EQ(alerts(StoreAlert::Damaged).size(), 1U);
}

}  // namespace
}  // namespace twinlock
