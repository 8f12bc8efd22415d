// SPDX-License-Identifier: MIT
#include "tests/conformance/store_under_test.h"

// Accounts that have left the system (S148).
namespace twinlock {
namespace {

using ::testing::ElementsAre;

const Account kBob{"bob", 1001};

std::vector<std::string> names(const Result<std::vector<Owner>>& owners) {
  std::vector<std::string> found;
  for (const auto& owner : *owners) {
    found.push_back(owner.account.name + ' ' + std::to_string(owner.account.uid));
  }
  return found;
}

AuditEvent purged() { return event(AuditEventType::AccountPurged); }

TEST_P(StoreConformance, OwnersComeByNameAndUid) {  // S37, S148
  add(totp_method(1, {"carol", 7}));
  add(totp_method(2, {"carol", 6}));
  add(totp_method(3));
  add(totp_method(4));
  EXPECT_THAT(names(store().owners_after({}, 10)), ElementsAre("alice 1000", "carol 6", "carol 7"));
  EXPECT_THAT(names(store().owners_after({"alice", 1000}, 1)), ElementsAre("carol 6"));
  EXPECT_THAT(names(store().owners_after({"carol", 6}, 10)), ElementsAre("carol 7"));
  EXPECT_THAT(names(store().owners_after({"carol", 7}, 10)), ElementsAre());
  EXPECT_THAT(names(store().owners_after({}, 0)), ElementsAre());
}

TEST_P(StoreConformance, WhoeverLeftAnythingIsAnOwner) {  // S148
  const auto asking = open(conversation(1));
  ASSERT_TRUE(store().count_attempt(
      answered(asking, 2), asking.nonce, alice(), {Budget::ShortCode, {}, {}}));
  ASSERT_TRUE(store().note_absence(kBob, Absence{kNow, kNow}));
  EXPECT_THAT(names(store().owners_after({}, 10)), ElementsAre("alice 1000", "bob 1001"));
}

TEST_P(StoreConformance, AnAbsenceIsNotedAndForgotten) {  // S148
  add(totp_method(1));
  EXPECT_FALSE(store().owners_after({}, 10)->front().absence);
  ASSERT_TRUE(store().note_absence(alice(), Absence{kNow, kNow}));
  ASSERT_TRUE(store().note_absence(alice(), Absence{kNow, kNow + 1h}));
  const auto noted = store().owners_after({}, 10)->front().absence;
  ASSERT_TRUE(noted);
  EXPECT_EQ(noted->first_seen, kNow);
  EXPECT_EQ(noted->last_seen, kNow + 1h);
  ASSERT_TRUE(store().note_absence(alice(), std::nullopt));
  EXPECT_FALSE(store().owners_after({}, 10)->front().absence);
}

TEST_P(StoreConformance, WhoIsNotKnownToBeGoneForLongEnoughLosesNothing) {  // S148
  add(totp_method(1));
  EXPECT_EQ(*store().purge_owner(alice(), kNow + 1h, 100, purged()), 0) << "there is no note";
  ASSERT_TRUE(store().note_absence(alice(), Absence{kNow, kNow + 1h}));
  EXPECT_EQ(*store().purge_owner(alice(), kNow, 100, purged()), 0) << "gone since, not before";
  EXPECT_TRUE(*store().otp_method(method_id(1)));
  EXPECT_TRUE(store().owners_after({}, 10)->front().absence);
  EXPECT_EQ(records(), 1U) << "nothing but the enrollment";
}

TEST_P(StoreConformance, APurgedOwnerLeavesNothingAndTakesNobodyAlong) {  // S127, S148
  const Account reused{alice().name, alice().uid + 1};
  add(totp_method(1));
  add(totp_method(2, reused));
  add(totp_method(3, kBob));
  ASSERT_TRUE(store().replace_recovery_codes(
      recovery_method(4), {code_digest(1), code_digest(2)}, purged()));
  auto grant = otp_grant(open(conversation(1)), method_id(1), 3);
  grant.attempts = {{Budget::ShortCode, {}, {}}};
  grant.place = place(1);
  ASSERT_EQ(*store().grant(grant), GrantOutcome::Granted);
  const auto before = records();

  ASSERT_TRUE(store().note_absence(alice(), Absence{kNow, kNow}));
  EXPECT_EQ(*store().purge_owner(alice(), kNow + 1ms, 100, purged()), 7)
      << "two codes, two methods, attempts, a place, a record";
  EXPECT_THAT(names(store().owners_after({}, 10)), ElementsAre("alice 1001", "bob 1001"));
  EXPECT_FALSE(*store().otp_method(method_id(1)));
  EXPECT_FALSE(*store().recovery_set(alice()));
  EXPECT_EQ(attempts().version, 0);
  EXPECT_FALSE(*store().known_place(alice(), {place(1)}, kNow - 1h));
  EXPECT_TRUE(*store().otp_method(method_id(2)));
  EXPECT_TRUE(*store().otp_method(method_id(3)));
  EXPECT_EQ(records(), before + 1);
  EXPECT_EQ(store().verify()->finding, "");
}

TEST_P(StoreConformance, APurgeOfAnOwnerStopsAtItsLimitAndGoesOn) {  // S148
  add(totp_method(1));
  add(totp_method(2));
  ASSERT_TRUE(store().replace_recovery_codes(
      recovery_method(3), {code_digest(1), code_digest(2), code_digest(3)}, purged()));
  ASSERT_TRUE(store().note_absence(alice(), Absence{kNow, kNow}));
  const auto purge = [this] { return *store().purge_owner(alice(), kNow + 1ms, 4, purged()); };
  EXPECT_EQ(purge(), 4);
  EXPECT_THAT(names(store().owners_after({}, 10)), ElementsAre("alice 1000"));
  EXPECT_EQ(purge(), 3);
  EXPECT_THAT(names(store().owners_after({}, 10)), ElementsAre());
  EXPECT_EQ(purge(), 0);
}

}  // namespace
}  // namespace twinlock
