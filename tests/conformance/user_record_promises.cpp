// SPDX-License-Identifier: MIT
#include <atomic>

#include "daemon/domain/user_id.h"
#include "tests/conformance/store_under_test.h"

// What is kept of users beside methods.
namespace twinlock {
namespace {

using ::testing::ElementsAre;

const AuditEvent kChanged = event(AuditEventType::UserChanged);

UserRecord record_of(const Account& owner, int seconds = 0) {
  UserRecord record;
  record.owner = owner;
  record.created = record.updated = kNow + std::chrono::seconds(seconds);
  return record;
}

UserRecord person(int number, const std::string& email, const std::string& connection = "people") {
  auto digits = std::to_string(number);
  digits.insert(0, 24 - digits.size(), '0');
  auto record =
      record_of(owner_of_record(UserId{UserId::Provider::Record, std::move(digits)}), number);
  record.connection = connection;
  record.profile.email = email;
  return record;
}

class UserRecordPromises : public StoreConformance {
 protected:
  RecordWrite write(const UserRecord& record) {
    const auto written = store().write_user_record(record, kChanged);
    EXPECT_TRUE(written) << written.error().detail;
    return written ? *written : RecordWrite::Moved;
  }
  UserRecord stored_record(const Account& owner) {
    const auto found = store().user_record(owner);
    EXPECT_TRUE(found && *found);
    return found && *found ? **found : UserRecord{};
  }
  std::vector<std::string> names(const RecordPage& page) {
    const auto found = store().user_records(page);
    EXPECT_TRUE(found);
    std::vector<std::string> owners;
    for (const auto& record : *found) owners.push_back(record.owner.name);
    return owners;
  }
};

TEST_P(UserRecordPromises, ARecordComesBackAsItWasWritten) {
  auto record = person(1, "Chuck@example.com");
  auto& profile = record.profile;
  profile.username = "chuck";
  profile.email_verified = true;
  profile.name = "Chuck Sanchez";
  profile.given_name = "Chuck";
  profile.family_name = "";
  profile.nickname = "Chucky";
  profile.picture = "https://example.com/p.jpg";
  profile.phone_number = "+15551234567";
  profile.phone_verified = false;
  profile.user_metadata = {{"a", "1"}, {"b", "{\"c\":[]}"}};
  profile.app_metadata = {{"facts", "[\"x\"]"}};
  profile.password_hash = "scrypt$…";
  profile.password_changed = kNow;
  ASSERT_EQ(write(record), RecordWrite::Written);

  const auto found = stored_record(record.owner);
  EXPECT_EQ(found.version, 1);
  EXPECT_EQ(found.connection, "people");
  EXPECT_EQ(found.created, kNow + 1s);
  EXPECT_FALSE(found.blocked);
  EXPECT_EQ(found.profile.username, "chuck");
  EXPECT_EQ(found.profile.email, "Chuck@example.com");
  EXPECT_TRUE(found.profile.email_verified);
  EXPECT_EQ(found.profile.name, "Chuck Sanchez");
  EXPECT_EQ(found.profile.given_name, "Chuck");
  EXPECT_EQ(found.profile.family_name, "");
  EXPECT_EQ(found.profile.nickname, "Chucky");
  EXPECT_EQ(found.profile.picture, "https://example.com/p.jpg");
  EXPECT_EQ(found.profile.phone_number, "+15551234567");
  EXPECT_EQ(found.profile.phone_verified, false);
  EXPECT_EQ(found.profile.user_metadata, profile.user_metadata);
  EXPECT_EQ(found.profile.app_metadata, profile.app_metadata);
  EXPECT_EQ(found.profile.password_hash, "scrypt$…");
  EXPECT_EQ(found.profile.password_changed, kNow);
}

TEST_P(UserRecordPromises, AWriteReplacesTheVersionItNamesAndNoOther) {
  auto record = person(1, "a@example.com");
  ASSERT_EQ(write(record), RecordWrite::Written);
  EXPECT_EQ(write(record), RecordWrite::Moved) << "there is one already";
  record.version = 1;
  record.profile.name = "Anna";
  ASSERT_EQ(write(record), RecordWrite::Written);
  EXPECT_EQ(write(record), RecordWrite::Moved);
  EXPECT_EQ(stored_record(record.owner).version, 2);
  EXPECT_EQ(stored_record(record.owner).profile.name, "Anna");
  EXPECT_EQ(records(), 2U);
  EXPECT_FALSE(*store().user_record({"nobody", 1}));
}

TEST_P(UserRecordPromises, AnAddressAndAUserNameAreTakenOnceInAConnection) {
  auto first = person(1, "a@example.com");
  first.profile.username = "anna";
  ASSERT_EQ(write(first), RecordWrite::Written);
  EXPECT_EQ(write(person(2, "A@Example.com")), RecordWrite::Exists);
  auto same_name = person(3, "b@example.com");
  same_name.profile.username = "Anna";
  EXPECT_EQ(write(same_name), RecordWrite::Exists);
  EXPECT_EQ(write(person(4, "a@example.com", "others")), RecordWrite::Written);
  first.version = 1;
  EXPECT_EQ(write(first), RecordWrite::Written) << "its own address is not in its way";
  EXPECT_EQ(records(), 3U);
}

TEST_P(UserRecordPromises, OfManyWhoTakeAnAddressAtOnceOneGetsIt) {
  std::atomic<int> written{0};
  race(16, [&](int n) {
    const auto one = store().write_user_record(person(n + 1, "a@example.com"), kChanged);
    if (one && *one == RecordWrite::Written) ++written;
  });
  EXPECT_EQ(written, 1);
  EXPECT_EQ(*store().count_user_records(""), 1);
}

TEST_P(UserRecordPromises, OfManyWhoChangeOneVersionOneDoes) {
  auto record = person(1, "a@example.com");
  ASSERT_EQ(write(record), RecordWrite::Written);
  record.version = 1;
  std::atomic<int> written{0};
  race(16, [&](int) {
    const auto one = store().write_user_record(record, kChanged);
    if (one && *one == RecordWrite::Written) ++written;
  });
  EXPECT_EQ(written, 1);
  EXPECT_EQ(stored_record(record.owner).version, 2);
}

TEST_P(UserRecordPromises, WhoeverEnrollsHasARecord) {
  add(totp_method(1));
  EXPECT_EQ(stored_record(alice()).created, kNow - 1h);
  EXPECT_EQ(stored_record(alice()).connection, "unix");
  EXPECT_EQ(stored_record(alice()).version, 1);
  ASSERT_TRUE(store().replace_recovery_codes(
      recovery_method(2, {"bob", 1001}), {code_digest(1)}, kChanged));
  EXPECT_EQ(stored_record({"bob", 1001}).created, kNow);
}

TEST_P(UserRecordPromises, RecordsComeInTheOrderOfTheirMaking) {
  for (int n = 1; n <= 4; ++n) write(record_of({std::string(1, static_cast<char>('e' - n)), 1}, n));
  write(person(9, "x@example.com"));
  RecordPage page;
  page.limit = 2;
  EXPECT_THAT(names(page), ElementsAre("d", "c"));
  page.skip = 2;
  EXPECT_THAT(names(page), ElementsAre("b", "a"));
  page.skip = 0;
  page.after = std::pair(kNow + 2s, Account{"c", 1});
  EXPECT_THAT(names(page), ElementsAre("b", "a"));
  page.newest_first = true;
  EXPECT_THAT(names(page), ElementsAre("d"));
  page.after.reset();
  page.skip = 1;
  EXPECT_THAT(names(page), ElementsAre("a", "b"));
  page = {};
  page.connection = "people";
  EXPECT_EQ(names(page).size(), 1U);
  page.limit = 0;
  EXPECT_THAT(names(page), ElementsAre());
  EXPECT_EQ(*store().count_user_records(""), 5);
  EXPECT_EQ(*store().count_user_records("unix"), 4);
}

TEST_P(UserRecordPromises, RecordsAreFoundByAddressAndByName) {
  write(person(1, "a@example.com"));
  write(person(2, "a@example.com", "others"));
  write(person(3, "b@example.com"));
  EXPECT_EQ(store().user_records_with_email("A@example.com")->size(), 2U);
  EXPECT_TRUE(store().user_records_with_email("c@example.com")->empty());
  write(record_of({"alice", 2000}, 1));
  write(record_of({"alice", 1000}, 2));
  const auto named = store().user_records_named("alice");
  ASSERT_EQ(named->size(), 2U);
  EXPECT_EQ((*named)[0].owner.uid, 2000U);
}

TEST_P(UserRecordPromises, ABlockIsSeenByTheNextLookOfALogin) {
  auto record = record_of(alice());
  record.blocked = true;
  open(conversation(1));
  ASSERT_EQ(write(record), RecordWrite::Written);
  EXPECT_TRUE(store().settings_for(alice())->blocked);
  EXPECT_TRUE(standing_of(store())->blocked);
  EXPECT_TRUE(stored_record(alice()).blocked);
  EXPECT_FALSE(*store().conversation(nonce(1))) << "logins under way end";
  EXPECT_FALSE(store().settings_for({"alice", 2000})->blocked) << "S37";
  add(totp_method(1));
  EXPECT_TRUE(store().users_after("", 10)->front().blocked);
  record.version = 1;
  record.blocked = false;
  ASSERT_EQ(write(record), RecordWrite::Written);
  EXPECT_FALSE(store().settings_for(alice())->blocked);
  EXPECT_FALSE(standing_of(store())->blocked);
  EXPECT_FALSE(store().users_after("", 10)->front().blocked);
}

TEST_P(UserRecordPromises, SettingsForAnAccountAreTheSettings) {
  ASSERT_TRUE(store().set_policy(LoginPolicy::AllApplications, kChanged));
  ASSERT_TRUE(store().set_factor(Factor::Otp, true, kChanged));
  const auto found = store().settings_for(alice());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->settings.policy, LoginPolicy::AllApplications);
  EXPECT_THAT(found->settings.enabled, ElementsAre(Factor::Otp));
  EXPECT_FALSE(found->blocked);
}

TEST_P(UserRecordPromises, ARemovedUserLeavesNothing) {
  add(totp_method(1));
  auto record = stored_record(alice());
  record.blocked = true;
  ASSERT_EQ(write(record), RecordWrite::Written);
  ASSERT_EQ(*store().remove_user("alice", kChanged), Claim::Won);
  EXPECT_FALSE(*store().user_record(alice()));
  EXPECT_TRUE(store().methods_of("alice")->empty());
  EXPECT_FALSE(store().settings_for(alice())->blocked);
  const auto before = records();
  EXPECT_EQ(*store().remove_user("alice", kChanged), Claim::Lost);
  EXPECT_EQ(records(), before);
}

TEST_P(UserRecordPromises, AnAccountThatIsGoneTakesItsRecordWithIt) {  // S148
  write(record_of(alice()));
  ASSERT_EQ(store().owners_after({}, 10)->size(), 1U);
  ASSERT_TRUE(store().note_absence(alice(), Absence{kNow, kNow}));
  EXPECT_EQ(*store().purge_owner(alice(), kNow + 1h, 100, kChanged), 1);
  EXPECT_FALSE(*store().user_record(alice()));
  EXPECT_TRUE(store().owners_after({}, 10)->empty());
}

TEST_P(UserRecordPromises, LoginsAreCountedFromTheAuditLog) {
  auto login = event(AuditEventType::LoginGranted, kNow);
  login.source = "192.0.2.7";
  ASSERT_TRUE(store().append(login));
  ASSERT_TRUE(store().append(event(AuditEventType::LoginDenied, kNow + 1s)));
  login.type = AuditEventType::LoginExempt;
  login.time = kNow + 2s;
  login.source = "192.0.2.8";
  ASSERT_TRUE(store().append(login));
  login.uid = 2000;
  ASSERT_TRUE(store().append(login));
  const auto history = store().login_history(alice());
  ASSERT_TRUE(history);
  EXPECT_EQ(history->count, 2);
  EXPECT_EQ(history->last, kNow + 2s);
  EXPECT_EQ(history->last_source, "192.0.2.8");
  EXPECT_EQ(store().login_history({"bob", 1})->count, 0);
  EXPECT_FALSE(store().login_history({"bob", 1})->last);
}

TEST_P(UserRecordPromises, PeopleWithoutAnAccountAreNoAccounts) {  // S37
  const auto somebody = person(1, "a@example.com");
  write(somebody);
  add(totp_method(1, somebody.owner));
  EXPECT_TRUE(store().users_after("", 10)->empty());
}

INSTANTIATE_TEST_SUITE_P(Every,
                         UserRecordPromises,
                         testing::ValuesIn(implementations()),
                         [](const auto& implementation) { return implementation.param.name; });

}  // namespace
}  // namespace twinlock
