// SPDX-License-Identifier: MIT
//
// What is kept of users and of methods beside seeds, as it lies on the disk.
#include "daemon/domain/user_id.h"
#include "tests/unit/store/store_fixture.h"

namespace twinlock {
namespace {

const EnrolledLimits kLimits{.counted = {MethodType::Phone}, .most = 50, .unconfirmed = 5};
const AuditEvent kMade = event(AuditEventType::MethodEnrolled);

NewMethod phone(int number, const std::string& text) {
  AuthenticationMethod method{.id = method_id(number),
                              .owner = alice(),
                              .type = MethodType::Phone,
                              .name = "Mobile",
                              .created = kNow,
                              .confirmed = kNow,
                              .last_used = std::nullopt};
  return {std::move(method), std::nullopt, PhoneData{text}};
}

UserRecord person(int number) {
  const auto digits = std::to_string(number);
  UserRecord record;
  record.owner =
      owner_of_record({UserId::Provider::Record, std::string(24 - digits.size(), '0') + digits});
  record.connection = "people";
  record.profile.username = "planted-name-" + digits;
  record.profile.email = "planted-address-" + digits + "@example.com";
  record.profile.phone_number = "+15559990000";
  record.profile.user_metadata["planted-key"] = "\"planted-value\"";
  record.created = record.updated = kNow;
  return record;
}

class DetailsTest : public StoreTest {
 protected:
  EnrolledAddition add(const NewMethod& method) {
    return *store_->add_method(method, kLimits, kMade);
  }
  void seal_anew() {
    int rounds = 0;
    while (*store_->reseal(3) > 0) ASSERT_LT(++rounds, 100);
  }
};

TEST_F(DetailsTest, NoNumberAddressNameOrMetadataIsInAnyFile) {  // S114, S115
  open();
  ASSERT_EQ(add(phone(1, "+15551234567")), EnrolledAddition::Added);
  auto email = phone(2, "");
  email.method.type = MethodType::Email;
  email.data = EmailData{"planted-address@example.com"};
  ASSERT_EQ(add(email), EnrolledAddition::Added);
  ASSERT_EQ(*store_->write_user_record(person(1), kMade), RecordWrite::Written);
  keys_.rotate();
  seal_anew();
  close();
  for (const char* name : {"store.db", "store.db-wal"}) {
    for (const char* planted : {"5551234567", "planted", "5559990000", "example.com"}) {
      EXPECT_EQ(content(name).find(planted), std::string::npos) << name << ' ' << planted;
    }
  }
  EXPECT_NE(content("store.db").find("Mobile"), std::string::npos) << "what isn't secret is there";
}

TEST_F(DetailsTest, AValueInAnotherRowDoesNotOpen) {  // S114
  open();
  ASSERT_EQ(add(phone(1, "+15551234567")), EnrolledAddition::Added);
  ASSERT_EQ(add(phone(2, "+15551234568")), EnrolledAddition::Added);
  ASSERT_EQ(*store_->write_user_record(person(1), kMade), RecordWrite::Written);
  ASSERT_EQ(*store_->write_user_record(person(2), kMade), RecordWrite::Written);
  close();
  sql("UPDATE method_data SET data = (SELECT data FROM method_data ORDER BY method LIMIT 1)");
  sql("UPDATE user_record SET profile = (SELECT profile FROM user_record WHERE profile IS NOT NULL"
      " ORDER BY owner LIMIT 1) WHERE profile IS NOT NULL");
  open();
  EXPECT_TRUE(store_->enrolled_method(method_id(1)));
  EXPECT_FALSE(store_->enrolled_method(method_id(2)));
  EXPECT_FALSE(store_->enrolled_methods(alice()));
  EXPECT_TRUE(store_->user_record(person(1).owner));
  EXPECT_FALSE(store_->user_record(person(2).owner));
  EXPECT_TRUE(store_->methods_of("alice")) << "logins don't look there";
}

TEST_F(DetailsTest, AnAlteredValueDoesNotOpen) {  // S114
  open();
  ASSERT_EQ(add(phone(1, "+15551234567")), EnrolledAddition::Added);
  close();
  sql("UPDATE method_data SET data = zeroblob(length(data))");
  EXPECT_FALSE(open().enrolled_methods(alice()));
}

TEST_F(DetailsTest, EverythingIsSealedAnewAndStillFound) {  // S118
  open();
  for (int n = 1; n <= 10; ++n) {
    ASSERT_EQ(add(phone(n, "+1555000000" + std::to_string(n % 10))), EnrolledAddition::Added);
    ASSERT_EQ(*store_->write_user_record(person(n), kMade), RecordWrite::Written);
  }
  keys_.rotate();
  EXPECT_EQ(add(phone(11, "+15550000001")), EnrolledAddition::Exists) << "under the old key";
  EXPECT_EQ(store_->user_records_with_email("planted-address-1@example.com")->size(), 1U);
  seal_anew();
  EXPECT_EQ(sql("SELECT count(*) FROM method_data WHERE key = 1"), "0");
  EXPECT_EQ(sql("SELECT count(*) FROM user_record WHERE key = 1"), "0");
  keys_.lose(1);
  EXPECT_EQ(store_->enrolled_methods(alice())->size(), 10U);
  EXPECT_EQ((*store_->user_record(person(7).owner))->profile.username, "planted-name-7");
  EXPECT_EQ(add(phone(11, "+15550000001")), EnrolledAddition::Exists) << "under the new one";
  EXPECT_EQ(store_->user_records_with_email("planted-address-1@example.com")->size(), 1U);
  auto same = person(12);
  same.profile.email = person(1).profile.email;
  EXPECT_EQ(*store_->write_user_record(same, kMade), RecordWrite::Exists);
}

TEST_F(DetailsTest, AKeyThatSealsThemIsInUse) {  // S118
  open();
  ASSERT_EQ(add(phone(1, "+15551234567")), EnrolledAddition::Added);
  ASSERT_EQ(*store_->write_user_record(person(1), kMade), RecordWrite::Written);
  EXPECT_EQ(store_->key_uses()->at(1).details, 2);
  EXPECT_TRUE(store_->key_uses()->at(1).recovery_codes_of.empty());
}

}  // namespace
}  // namespace twinlock
