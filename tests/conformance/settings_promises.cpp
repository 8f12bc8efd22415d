// SPDX-License-Identifier: MIT
#include "tests/conformance/store_under_test.h"

namespace twinlock {
namespace {

TEST_P(StoreConformance, ANewStoreDemandsNothingAndEnablesNothing) {  // S151
  const auto settings = store().settings();
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->policy, LoginPolicy::None);
  EXPECT_TRUE(settings->enabled.empty());
}

TEST_P(StoreConformance, SettingsAreReadBackAsTheyWereSet) {
  const auto changed = event(AuditEventType::PolicyChanged);
  ASSERT_TRUE(store().set_policy(LoginPolicy::AllApplications, changed));
  ASSERT_TRUE(store().set_factor(Factor::RecoveryCode, true, changed));
  ASSERT_TRUE(store().set_factor(Factor::Otp, true, changed));
  EXPECT_EQ(store().settings()->policy, LoginPolicy::AllApplications);
  EXPECT_EQ(store().settings()->enabled, (std::vector{Factor::Otp, Factor::RecoveryCode}));
  ASSERT_TRUE(store().set_factor(Factor::Otp, false, changed));
  ASSERT_TRUE(store().set_factor(Factor::Otp, false, changed));
  EXPECT_EQ(store().settings()->enabled, std::vector{Factor::RecoveryCode});
  ASSERT_TRUE(store().set_policy(LoginPolicy::None, changed));
  EXPECT_EQ(store().settings()->policy, LoginPolicy::None);
  EXPECT_EQ(records(), 6U);
}

TEST_P(StoreConformance, EveryFactorAndPolicyIsKept) {
  const auto changed = event(AuditEventType::FactorChanged);
  for (const auto factor : kFactors) ASSERT_TRUE(store().set_factor(factor, true, changed));
  EXPECT_THAT(store().settings()->enabled, ::testing::ElementsAreArray(kFactors));
  ASSERT_TRUE(store().set_policy(LoginPolicy::ConfidenceScore, changed));
  EXPECT_EQ(store().settings()->policy, LoginPolicy::ConfidenceScore);
}

TEST_P(StoreConformance, TheLatestTimeOnlyRises) {  // S90
  EXPECT_FALSE(standing_of(store())->latest_time);
  ASSERT_TRUE(store().raise_latest_time(kNow));
  EXPECT_EQ(standing_of(store())->latest_time, kNow);
  ASSERT_TRUE(store().raise_latest_time(kNow - 1h));
  EXPECT_EQ(standing_of(store())->latest_time, kNow);
  ASSERT_TRUE(store().append(event(AuditEventType::DaemonStarted, kNow + 1h)));
  EXPECT_EQ(standing_of(store())->latest_time, kNow + 1h);
  ASSERT_TRUE(store().append(event(AuditEventType::DaemonStopped, kNow)));
  EXPECT_EQ(standing_of(store())->latest_time, kNow + 1h);
}

TEST_P(StoreConformance, HousekeepingDeletesWhatIsOverAndNothingElse) {
  open(conversation(1));
  auto later = conversation(2);
  later.started.wall = kNow + 1ms;
  open(later);
  auto old = unconfirmed(totp_method(1));
  old.method.created = kNow - 1ms;
  add(old);
  auto young = unconfirmed(totp_method(2));
  young.method.created = kNow + 1ms;
  add(young);
  add(totp_method(3));  // created an hour before, and confirmed

  EXPECT_EQ(*store().purge(kNow + 1h, 100), 1) << "an hour is not over until it has passed";
  EXPECT_TRUE(*store().conversation(nonce(1)));
  EXPECT_FALSE(*store().otp_method(method_id(1)));
  EXPECT_EQ(*store().purge(kNow + 1h + 1ms, 100), 1);
  EXPECT_FALSE(*store().conversation(nonce(1)));
  EXPECT_TRUE(*store().conversation(nonce(2)));
  EXPECT_TRUE(*store().otp_method(method_id(2)));
  EXPECT_EQ(*store().purge(kNow + 1h + 1ms, 100), 0);
  EXPECT_TRUE(*store().otp_method(method_id(3)));
}

TEST_P(StoreConformance, HousekeepingStopsAtItsLimit) {
  for (int n = 1; n <= 5; ++n) open(conversation(n));
  add(unconfirmed(totp_method(1)));
  for (int n = 0; n < 4; ++n) ASSERT_TRUE(store().append(event(AuditEventType::LoginDenied)));
  const WallTime much_later = kNow + 24h * 500;
  EXPECT_EQ(*store().purge(much_later, 4), 4);
  EXPECT_EQ(*store().purge(much_later, 4), 4);
  EXPECT_EQ(*store().purge(much_later, 4), 3);
  EXPECT_EQ(*store().purge(much_later, 4), 0);
}

TEST_P(StoreConformance, NothingIsLeftToSealAnew) {  // S118
  add(totp_method(1));
  EXPECT_EQ(*store().reseal(10), 0);
}

TEST_P(StoreConformance, WhoNeedsAKeyIsTold) {  // S118
  ASSERT_TRUE(store().replace_recovery_codes(
      recovery_method(1), {code_digest(1, 7)}, event(AuditEventType::RecoveryCodesMade)));
  const auto uses = store().key_uses();
  ASSERT_TRUE(uses && uses->contains(7));
  EXPECT_THAT(uses->at(7).recovery_codes_of, ::testing::ElementsAre("alice"));
  EXPECT_EQ(uses->at(7).seeds, 0);
  EXPECT_FALSE(uses->contains(8));
}

}  // namespace
}  // namespace twinlock
