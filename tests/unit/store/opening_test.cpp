// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "daemon/store/sqlite_database.h"
#include "tests/unit/store/store_fixture.h"

namespace twinlock {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class StoreOpeningTest : public StoreTest {
 protected:
  // A store with one enrolled user, closed.
  void SetUp() override {
    enroll(open());
    close();
  }
  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(options_.directory)) {
      names.insert(file.path().filename());
    }
    return names;
  }
  // Without SQLite, which would leave its log: the header has the version in four bytes.
  void overwrite_version(char version) {
    auto bytes = content("store.db");
    bytes[63] = version;
    overwrite("store.db", bytes);
  }
};

TEST_F(StoreOpeningTest, EveryConnectionIsOpenedSafely) {  // S119
  using sqlite::Database;
  for (const auto access : {Database::Access::Frozen,
                            Database::Access::Look,
                            Database::Access::Read,
                            Database::Access::Write}) {
    auto opened = Database::open(path("store.db"), access);
    ASSERT_TRUE(opened) << opened.error().detail;
    auto database = *std::move(opened);
    EXPECT_EQ(*database.query("PRAGMA journal_mode"),
              access == Database::Access::Frozen ? "delete" : "wal");
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

TEST_F(StoreOpeningTest, WhatStandsInThePlaceOfAFileBesideItIsNamed) {  // S119, S133
  open();
  close();
  for (const char* name : {"lock", "clean", "epoch", "store.db-wal", "store.db-journal"}) {
    const auto place = path(name);
    std::error_code is_not_there;
    std::filesystem::rename(place, path("kept"), is_not_there);
    ASSERT_EQ(mkfifo(place.c_str(), 0600), 0);
    EXPECT_EQ(refusal(), place + ": is not a regular file; move it away");
    std::filesystem::remove(place);
    if (!is_not_there) std::filesystem::rename(path("kept"), place);
  }
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

TEST_F(StoreOpeningTest, AFileThatItsOwnerMayNotWriteIsRefusedWithWhatToDo) {
  for (const char* name : {"store.db", "epoch", "lock"}) {
    chmod(path(name).c_str(), 0400);
    EXPECT_EQ(refusal(),
              path(name) + ": its owner may not read and write it; run: chmod 600 " + path(name));
    chmod(path(name).c_str(), 0600);
  }
  EXPECT_THAT(refusal(), IsEmpty());
}

TEST_F(StoreOpeningTest, ADatabaseThatCanOnlyBeReadIsNotOpenedForWriting) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  chmod(path("store.db").c_str(), 0444);
  chmod(options_.directory.c_str(), 0755);
  ASSERT_EQ(seteuid(65534), 0);
  const auto opened = sqlite::Database::open(path("store.db"), sqlite::Database::Access::Write);
  ASSERT_EQ(seteuid(0), 0);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().detail, "it can only be read");
}

TEST_F(StoreOpeningTest, WhereNoDescriptorIsLeftTheSystemsReasonIsTold) {
  rlimit usual{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &usual), 0);
  const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(next, 0);
  ::close(next);
  const rlimit none{static_cast<rlim_t>(next), usual.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto opened = sqlite::Database::open(path("store.db"), sqlite::Database::Access::Write);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &usual), 0);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().detail, HasSubstr("Too many open files"));
}

TEST_F(StoreOpeningTest, ADirectoryThatIsNotThereIsToldWithHowToMakeIt) {
  options_.directory = path("nowhere");
  EXPECT_THAT(
      refusal(),
      HasSubstr("install -d -o " + std::to_string(geteuid()) + " -m 700 " + options_.directory));
}

TEST_F(StoreOpeningTest, AFileOfSomebodyElseIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(chown(path("store.db").c_str(), 12345, 12345), 0);
  EXPECT_EQ(refusal(),
            path("store.db") +
                ": belongs to uid 12345, not to uid 0 that twinlockd runs as; run: " + "chown 0 " +
                path("store.db") + " && chmod 600 " + path("store.db"));
}

TEST_F(StoreOpeningTest, ADirectoryThatOthersMayWriteToIsRefused) {  // S119
  for (const mode_t mode : {0770U, 0702U, 01777U}) {
    ASSERT_EQ(chmod(options_.directory.c_str(), mode), 0);
    EXPECT_THAT(refusal(), HasSubstr("run: chmod 700 " + options_.directory)) << std::oct << mode;
  }
}

TEST_F(StoreOpeningTest, ADirectoryOfSomebodyElseIsRefused) {  // S119
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(chown(options_.directory.c_str(), 12345, 12345), 0);
  EXPECT_THAT(refusal(), HasSubstr("belongs to uid 12345"));
}

TEST_F(StoreOpeningTest, ADirectoryThatOthersMayLookIntoIsNoticed) {  // S119
  open();
  close();
  EXPECT_THAT(alerts(StoreAlert::Notice), IsEmpty());
  ASSERT_EQ(chmod(options_.directory.c_str(), 0755), 0);
  open();
  EXPECT_THAT(alerts(StoreAlert::Notice), ElementsAre(HasSubstr("chmod 700")));
}

TEST_F(StoreOpeningTest, AMissingDirectoryIsRefused) {
  options_.directory = directory_ / "missing";
  EXPECT_THAT(refusal(), HasSubstr("make the directory"));
}

TEST_F(StoreOpeningTest, ANewerStoreIsRefusedAndLeftAsItIs) {
  sql("PRAGMA user_version = 1000; PRAGMA wal_checkpoint(TRUNCATE)");
  const auto before = content("store.db");
  const auto epoch = content("epoch");
  EXPECT_THAT(refusal(), HasSubstr("written by a newer Twinlock (schema 1000, this one knows"));
  EXPECT_EQ(content("store.db"), before);
  EXPECT_EQ(content("epoch"), epoch);
}

TEST_F(StoreOpeningTest, ANewerStoreThatWasClosedInOrderGetsNoFileBesideIt) {
  overwrite_version(100);
  const auto before = files();
  EXPECT_THAT(refusal(), HasSubstr("written by a newer Twinlock"));
  EXPECT_EQ(files(), before);
}

TEST_F(StoreOpeningTest, AStoreOfAnotherKeyThatWasClosedInOrderGetsNoFileBesideIt) {  // S135
  const auto before = files();
  keys_.rotate();
  keys_.lose(1);
  EXPECT_THAT(refusal(), HasSubstr("master key is not the one"));
  EXPECT_EQ(files(), before);
}

TEST_F(StoreOpeningTest, AnOlderStoreIsBroughtUpToDateWithAllThatIsInIt) {
  sql("DROP TABLE user_record; DROP TABLE blocked_user; DROP TABLE method_data; DROP TABLE ticket;"
      "DROP TABLE used_assertion; DROP TABLE access_token; DROP TABLE api_client;"
      "DROP TABLE signing_key; DROP TABLE setting_group;"
      "DROP TABLE absence; ALTER TABLE conversation RENAME COLUMN vantage TO local_terminal;"
      "PRAGMA user_version = 1");
  EXPECT_EQ(refusal(), "");
  EXPECT_NE(sql("PRAGMA user_version"), "1");
  EXPECT_EQ(sql("SELECT count(*) FROM absence"), "0");
  EXPECT_EQ(sql("SELECT count(*) FROM method"), "1");
  EXPECT_EQ(sql("SELECT count(*) FROM user_record"), "1") << "of whoever has enrolled";
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
  ASSERT_EQ(::close(::creat((fresh / "store.db").c_str(), 0600)), 0);
  EXPECT_THAT(refusal(), HasSubstr("there is no store")) << "an empty file is none";
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
    EXPECT_THAT(why, AllOf(Not(HasSubstr("***")), Not(HasSubstr("\\x0a")))) << "one line";
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
    const auto why = refusal();
    EXPECT_THAT(why, HasSubstr(path("store.db") + ": the store is damaged")) << size;
    EXPECT_THAT(why, HasSubstr("put a backup in its place")) << size;
  }
}

TEST_F(StoreOpeningTest, NoiseInPlaceOfTheStoreIsRefused) {  // S133
  overwrite("store.db", std::string(8192, 'x'));
  const auto why = refusal();
  EXPECT_THAT(
      why,
      HasSubstr(path("store.db") + ": the store is damaged (SQLite: file is not a database (26))"));
  EXPECT_THAT(why, HasSubstr("put a backup in its place"));
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
  std::fstream file(path("store.db"), std::ios::in | std::ios::out | std::ios::binary);
  ASSERT_TRUE((file << damaged).flush().good());
  EXPECT_FALSE(store.methods_of("alice"));
  EXPECT_FALSE(store.settings()) << "even what could still be read";
  EXPECT_FALSE(store.append(event(AuditEventType::LoginDenied)));
  EXPECT_EQ(alerts(StoreAlert::Damaged).size(), 1U);
}

// What a start reads of the file, in bytes, its log and its other files aside.
class StartTest : public StoreOpeningTest {
 protected:
  void SetUp() override {
    StoreOpeningTest::SetUp();
    for (int n = 2; n <= 400; ++n) enroll(n == 2 ? open() : *store_, n);
    close();
  }
  long bytes_read_by_a_start() {
    const auto before = bytes_read();
    open();
    return bytes_read() - before;
  }
  [[nodiscard]] long size() const {
    return static_cast<long>(std::filesystem::file_size(path("store.db")));
  }

 private:
  static long bytes_read() {
    std::ifstream io("/proc/self/io");
    std::string name;
    long value = 0;
    io >> name >> value;
    return name == "rchar:" ? value : 0;
  }
};

TEST_F(StartTest, AfterACleanEndTheFileIsNotReadWholeAgain) {
  ASSERT_TRUE(std::filesystem::exists(path("clean")));
  const auto clean = bytes_read_by_a_start();
  EXPECT_GT(clean, 0);
  EXPECT_LT(clean, size() / 2);
  EXPECT_FALSE(std::filesystem::exists(path("clean"))) << "only while nobody uses the store";
}

TEST_F(StartTest, WithoutACleanEndTheFileIsReadWhole) {  // S133
  const auto whole = content("store.db");
  open();
  // As kill -9 leaves it: no note, and the log still there.
  const auto log = content("store.db-wal");
  close();
  std::filesystem::remove(path("clean"));
  overwrite("store.db", whole);
  overwrite("store.db-wal", log);
  EXPECT_GE(bytes_read_by_a_start(), size());
}

TEST_F(StartTest, AFileThatWasTouchedIsReadWhole) {  // S133
  const auto note = content("clean");
  const auto touch = [this](const std::function<void()>& change) {
    open();
    close();
    change();
    const bool whole = bytes_read_by_a_start() >= size();
    close();
    return whole;
  };
  EXPECT_FALSE(touch([] {}));
  EXPECT_TRUE(touch([this] { overwrite("store.db", content("store.db")); })) << "the same bytes";
  EXPECT_TRUE(touch([this] {  // the same bytes and times, but another file
    std::filesystem::copy(path("store.db"), path("copy"));
    std::filesystem::permissions(path("copy"), std::filesystem::perms{0600});
    std::filesystem::last_write_time(path("copy"),
                                     std::filesystem::last_write_time(path("store.db")));
    std::filesystem::rename(path("copy"), path("store.db"));
  }));
  EXPECT_TRUE(touch([this] {  // an old time put back
    const auto time = std::filesystem::last_write_time(path("store.db"));
    overwrite("store.db", content("store.db"));
    std::filesystem::last_write_time(path("store.db"), time);
  }));
  EXPECT_TRUE(touch([this] { overwrite("clean", std::string(300, 'x')); }));
  EXPECT_TRUE(touch([this, &note] { overwrite("clean", note); })) << "the note of another end";
  EXPECT_TRUE(touch([this] { overwrite("store.db-wal", ""); })) << "something was opened since";
}

TEST_F(StartTest, ANoteUnderAnotherKeyOrOfNobodyIsNone) {
  auto note = content("clean");
  note[note.size() - 2] = note[note.size() - 2] == '0' ? '1' : '0';
  overwrite("clean", note);
  EXPECT_GE(bytes_read_by_a_start(), size());
  close();
  keys_.rotate();
  EXPECT_GE(bytes_read_by_a_start(), size());
}

TEST_F(StartTest, AStoreThatWasFoundDamagedLeavesNoNote) {  // S133
  auto& store = open();
  const auto root = std::stoul(sql("SELECT rootpage FROM sqlite_schema WHERE name = 'method'"));
  {
    std::fstream file(path("store.db"), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>((root - 1) * 4096));
    file << std::string(100, '\x7f');
  }
  ASSERT_FALSE(store.methods_of("alice"));
  close();
  EXPECT_FALSE(std::filesystem::exists(path("clean")));
  EXPECT_THAT(refusal(), HasSubstr("is damaged"));
}

// A store that lacks a part, or has one more, must not start: an empty table of methods would mean
// that nobody is enrolled.
class SchemaTest : public StoreOpeningTest {
 protected:
  // The store as it was, but for what this SQL does to it.
  void change(const std::string& text) {
    for (const char* log : {"store.db-wal", "store.db-shm"}) std::filesystem::remove(path(log));
    overwrite("store.db", whole_);
    sql(text);
  }
  void SetUp() override {
    StoreOpeningTest::SetUp();
    whole_ = content("store.db");
  }

 private:
  std::string whole_;
};

TEST_F(SchemaTest, AStoreWithoutOneOfItsPartsIsRefused) {  // S133
  for (const std::string part : {"TABLE recovery_code",
                                 "TABLE method",
                                 "TABLE attempts",
                                 "TABLE known_place",
                                 "TABLE conversation",
                                 "TABLE audit",
                                 "TABLE audit_head",
                                 "TABLE settings",
                                 "INDEX conversation_subject",
                                 "INDEX method_id",
                                 "INDEX method_unconfirmed",
                                 "INDEX audit_user"}) {
    change("DROP " + part);
    const auto why = refusal();
    EXPECT_THAT(why, HasSubstr(path("store.db") + ": the store is damaged")) << part;
    EXPECT_THAT(why, HasSubstr(part.substr(part.find(' ') + 1) + " is missing")) << part;
    EXPECT_THAT(why, HasSubstr("twinlockd accept-restored-store")) << part;
  }
}

TEST_F(SchemaTest, AStoreWithAPartThatIsNotOursIsRefused) {
  for (const char* part :
       {"CREATE TABLE more (x)",
        "CREATE VIEW more AS SELECT 1",
        "CREATE TRIGGER more AFTER UPDATE ON method BEGIN DELETE FROM audit; END",
        "CREATE INDEX more ON method (name)",
        "DROP INDEX method_id; CREATE INDEX method_id ON method (id)"}) {
    change(part);
    EXPECT_THAT(refusal(), HasSubstr("the store is damaged")) << part;
  }
}

TEST_F(SchemaTest, AStoreWithoutItsHeadOrItsSettingsSaysWhatToDo) {  // S133
  for (const char* row : {"audit_head", "settings"}) {
    change("DELETE FROM " + std::string(row));
    const auto why = refusal();
    EXPECT_THAT(why, HasSubstr(path("store.db") + ": the store is damaged")) << row;
    EXPECT_THAT(why, HasSubstr("put a backup in its place")) << row;
  }
}

}  // namespace
}  // namespace twinlock
