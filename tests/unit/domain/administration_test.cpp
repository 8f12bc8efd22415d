// SPDX-License-Identifier: MIT
#include "daemon/domain/administration.h"

#include <gtest/gtest.h>

#include "tests/unit/domain/login_world.h"

namespace twinlock {
namespace {

using wire::StepKind;

class AdministrationTest : public testing::Test {
 protected:
  Administration& administration() { return world_.administration; }
  std::string_view state_of_first() {
    const auto user = administration().users_after("", 1)->front();
    return state_name(user, world_.directory.find(user.account.name), world_.clock.wall());
  }
  AccountStatus status(const Account& account) {
    const auto found = administration().status_of(account);
    EXPECT_TRUE(found);
    return found ? *found : AccountStatus{};
  }

  LoginWorld world_;
};

TEST_F(AdministrationTest, FindsAnAccountByEverySpelling) {  // S37
  world_.directory.add_alias("ALICE", "alice");
  EXPECT_EQ(administration().account_named("ALICE")->name, "alice");
  EXPECT_EQ(administration().account_named("nobody").error().code, ErrorCode::NotFound);
  EXPECT_EQ(administration().account_named("a b").error().code, ErrorCode::NotFound);
}

TEST_F(AdministrationTest, FindsADeletedAccountAsItEnrolled) {  // S148
  static_cast<void>(world_.enroll(world_.alice));
  world_.directory.remove("alice");
  EXPECT_EQ(administration().account_named("alice")->uid, 1000U);
}

TEST_F(AdministrationTest, ShowsADeletedAccountAsGone) {  // S148
  static_cast<void>(world_.enroll(world_.alice));
  EXPECT_EQ(state_of_first(), "active");
  EXPECT_FALSE(administration().status_named("alice")->gone);
  world_.directory.remove("alice");
  EXPECT_EQ(state_of_first(), "gone");
  EXPECT_TRUE(administration().status_named("alice")->gone);
  world_.directory.add({"alice", 2000});
  EXPECT_EQ(state_of_first(), "foreign-uid");
  const auto user = administration().users_after("", 1)->front();
  const Error away{ErrorCode::Unavailable, "away"};
  EXPECT_EQ(state_name(user, away, world_.clock.wall()), "active");  // S47
}

TEST_F(AdministrationTest, ADirectoryThatIsAwayHasNotLostTheAccount) {  // S47
  world_.faults.fail_next("find", Fault::Error);
  EXPECT_EQ(administration().account_named("alice").error().code, ErrorCode::Unavailable);
}

TEST_F(AdministrationTest, TheStatusCountsWhatSatisfies) {  // S49
  EXPECT_FALSE(status(world_.alice).enrolled);
  static_cast<void>(world_.start(world_.alice));
  EXPECT_FALSE(status(world_.alice).enrolled);
  EXPECT_EQ(status(world_.alice).otp_methods, 0);
  static_cast<void>(world_.enroll(world_.alice));
  world_.recovery_codes(world_.alice);
  EXPECT_TRUE(status(world_.alice).enrolled);
  EXPECT_EQ(status(world_.alice).otp_methods, 1);
  EXPECT_EQ(status(world_.alice).recovery_codes_left, 10);
}

TEST_F(AdministrationTest, AFactorThatIsOffEnrollsNobody) {  // S49
  static_cast<void>(world_.enroll(world_.alice));
  ASSERT_TRUE(administration().set_factor(Factor::Otp, false, "uid 0"));
  EXPECT_FALSE(status(world_.alice).enrolled);
}

// A login accepts them: RecoveryCodeLoginTest.IsGrantedThoughTheFactorIsOff.
TEST_F(AdministrationTest, RecoveryCodesCountThoughTheirFactorIsOff) {
  world_.recovery_codes(world_.alice);
  ASSERT_TRUE(administration().set_factor(Factor::RecoveryCode, false, "uid 0"));
  EXPECT_TRUE(status(world_.alice).enrolled);
}

TEST_F(AdministrationTest, AForeignUidIsShownAndEnrollsNobody) {  // S37, S49
  static_cast<void>(world_.enroll(world_.alice));
  const auto successor = status({"alice", 2000});
  EXPECT_TRUE(successor.foreign_uid);
  EXPECT_FALSE(successor.enrolled);
  EXPECT_EQ(successor.otp_methods, 0);
}

TEST_F(AdministrationTest, RootIsAskedWhateverThePolicy) {  // S48
  ASSERT_TRUE(administration().set_policy(LoginPolicy::None, "uid 0"));
  EXPECT_FALSE(status(world_.alice).demanded);
  EXPECT_TRUE(status(world_.root).demanded);
}

TEST_F(AdministrationTest, ShowsHoldsAndDisabling) {
  const auto totp = world_.enroll(world_.alice);
  world_.fail_in_a_row(totp, 5);
  ASSERT_TRUE(status(world_.alice).hold_until);
  EXPECT_EQ(*status(world_.alice).hold_until - world_.clock.wall(), 30s);
  EXPECT_EQ(state_of_first(), "held");
  world_.clock.advance(30s);
  EXPECT_EQ(state_of_first(), "active");
  world_.fail_in_a_row(totp, 100);
  EXPECT_TRUE(status(world_.alice).short_codes_disabled);
  EXPECT_EQ(state_of_first(), "disabled");
}

TEST_F(AdministrationTest, UnlockingForgetsFailuresAndKeepsAuthenticators) {
  const auto totp = world_.enroll(world_.alice);
  world_.fail_in_a_row(totp, 9);
  ASSERT_TRUE(administration().unlock("alice", "uid 0"));
  EXPECT_FALSE(status(world_.alice).hold_until);
  EXPECT_EQ(world_.login(world_.code(totp)).kind, StepKind::Granted);
  EXPECT_EQ(world_.audited(AuditEventType::UserUnlocked).front().actor, "uid 0");
}

TEST_F(AdministrationTest, ResettingRemovesEverythingOfTheName) {
  const auto totp = world_.enroll(world_.alice);
  const auto codes = world_.recovery_codes(world_.alice);
  const auto bobs = world_.enroll(world_.bob);
  EXPECT_EQ(*administration().reset("alice", "uid 0"), 2);
  EXPECT_EQ(world_.login(world_.code(totp)).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(codes[0]).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(bobs), "bob").kind, StepKind::Granted);
  EXPECT_EQ(world_.audited(AuditEventType::UserReset).front().user, "alice");
}

TEST_F(AdministrationTest, APolicyChangeIsAnAlertThatSaysFromWhatToWhat) {  // S129
  ASSERT_TRUE(administration().set_policy(LoginPolicy::None, "uid 1001 by polkit"));
  const auto events = world_.audited(AuditEventType::PolicyChanged);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back().detail, "all-applications to none");
  EXPECT_EQ(events.back().actor, "uid 1001 by polkit");
  EXPECT_EQ(severity_of(events.back().type), Severity::Alert);
}

TEST_F(AdministrationTest, WhatIsSoAlreadyIsNoChangeAndNoRecord) {  // S126
  ASSERT_TRUE(administration().set_policy(LoginPolicy::AllApplications, "uid 0"));
  ASSERT_TRUE(administration().set_factor(Factor::Otp, true, "uid 0"));
  ASSERT_TRUE(administration().unlock("alice", "uid 0"));
  EXPECT_TRUE(world_.log.events().empty());

  ASSERT_TRUE(administration().set_factor(Factor::Otp, false, "uid 0"));
  ASSERT_TRUE(administration().set_factor(Factor::Otp, false, "uid 0"));
  EXPECT_EQ(world_.audited(AuditEventType::FactorChanged).back().detail, "otp off");
  EXPECT_EQ(world_.log.events().size(), 1U);
}

TEST_F(AdministrationTest, AChangeThatFailsIsNotReported) {  // S127
  for (const char* call : {"set_policy", "settings", "now"}) {
    world_.faults.fail_next(call, Fault::Error);
    EXPECT_FALSE(administration().set_policy(LoginPolicy::None, "uid 0")) << call;
  }
  EXPECT_TRUE(world_.log.events().empty());
  EXPECT_EQ(administration().settings()->policy, LoginPolicy::AllApplications);
}

}  // namespace
}  // namespace twinlock
