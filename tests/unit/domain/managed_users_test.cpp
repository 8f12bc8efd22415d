// SPDX-License-Identifier: MIT
//
// What an administrator did to a user through the management API, as the user's next login finds
// it.
#include "daemon/domain/method_administration.h"
#include "daemon/domain/users.h"
#include "tests/unit/domain/judgement_fixture.h"

namespace twinlock {
namespace {

using wire::StepKind;

class ManagedUsersTest : public JudgementTest {
 protected:
  void block(bool blocked) {
    ProfileChange change;
    change.blocked = blocked;
    ASSERT_TRUE(users_.change("unix|alice", change, "client c1"));
  }
  MethodRequest phone() {
    MethodRequest request;
    request.type = MethodType::Phone;
    request.data = PhoneData{"+15551234567"};
    return request;
  }

  Users users_{{world_.ports.store,
                world_.ports.store,
                world_.ports.directory,
                world_.random,
                world_.ports.clock,
                world_.audit,
                {}}};
  MethodAdministration methods_{{world_.ports.store,
                                 world_.ports.store,
                                 world_.ports.keys,
                                 world_.random,
                                 world_.ports.clock,
                                 world_.audit}};
};

TEST_F(ManagedUsersTest, ABlockedUserIsLetInNowhere) {  // U04
  block(true);
  const auto step = world_.begin();
  EXPECT_EQ(step.kind, StepKind::Denied);
  EXPECT_EQ(step.text, "") << "the user is told nothing of it";
  EXPECT_EQ(last_reason(), Reason::UserBlocked);
  block(false);
  EXPECT_EQ(world_.login(world_.code(totp_)).kind, StepKind::Granted);
}

TEST_F(ManagedUsersTest, ABlockedUserIsNotExemptEither) {  // U04
  ASSERT_TRUE(world_.memory.set_policy(LoginPolicy::None, {}));
  EXPECT_EQ(world_.begin().kind, StepKind::Exempt);
  block(true);
  EXPECT_EQ(world_.begin().kind, StepKind::Denied);
  EXPECT_EQ(last_reason(), Reason::UserBlocked);
}

TEST_F(ManagedUsersTest, ABlockEndsALoginUnderWay) {  // U04
  const auto step = world_.begin();
  block(true);
  EXPECT_EQ(world_.answer(step, world_.code(totp_)).kind, StepKind::Denied);
}

TEST_F(ManagedUsersTest, ABlockThatCameWhileALoginBeganIsSeenByItsAnswer) {  // U04
  block(true);
  Conversation begun;
  begun.id = begun.nonce = world_.nonce();
  begun.account = world_.alice;
  begun.started = begun.touched = *world_.clock.now();
  ASSERT_TRUE(world_.memory.open_conversation(begun, {5, 20}));
  const auto answered =
      world_.engine.answer(begun.id, begun.nonce, world_.nonce(), Secret(world_.code(totp_)), {});
  EXPECT_NE(answered.kind, StepKind::Granted);
  EXPECT_EQ(last_reason(), Reason::UserBlocked);
  EXPECT_EQ(consecutive(), 0) << "nothing was looked at, so nothing was wrong";
}

TEST_F(ManagedUsersTest, ABlockOfSomebodyWhoHadTheNameIsNone) {  // S37
  block(true);
  world_.directory.add({"alice", 2000});
  EXPECT_EQ(world_.begin().kind, StepKind::PromptHidden);
}

TEST_F(ManagedUsersTest, U16TheCodeIsGoodForOneLogin) {  // S105, S106
  const auto old = world_.recovery_codes(world_.alice);
  const auto code = methods_.make_recovery_code(world_.alice, "client c1");
  ASSERT_TRUE(code);
  EXPECT_NE(world_.login(old[0]).kind, StepKind::Granted) << "the older ones have ended";
  EXPECT_EQ(world_.login(*code).kind, StepKind::Granted);
  EXPECT_NE(world_.login(*code).kind, StepKind::Granted);
}

TEST_F(ManagedUsersTest, ASeedThatAnAdministratorPlantedCounts) {  // U08
  MethodRequest request;
  request.seed = Secret(std::string_view("12345678901234567890"));
  const auto added = methods_.add(world_.bob, std::move(request), "client c1");
  ASSERT_TRUE(added);
  const auto planted = world_.memory.otp_method(added->method.id);
  const auto code = world_.code((*planted)->credential);
  EXPECT_EQ(world_.login(code, "bob").kind, StepKind::Granted);
  EXPECT_NE(world_.login(code, "bob").kind, StepKind::Granted) << "S87";
}

TEST_F(ManagedUsersTest, WhatNoLoginAcceptsYetEnrollsNobody) {  // S49
  ASSERT_TRUE(methods_.add(world_.bob, phone(), "client c1"));
  EXPECT_EQ(world_.login("123456", "bob").kind, StepKind::PromptHidden);
  EXPECT_EQ(last_reason(), Reason::NotEnrolled);
  const auto status = world_.administration.status_of(world_.bob);
  ASSERT_TRUE(status);
  EXPECT_FALSE(status->enrolled);
  EXPECT_EQ(status->otp_methods, 0);
}

TEST_F(ManagedUsersTest, WhatNoLoginAcceptsYetIsNotTheLastAuthenticator) {  // S83
  ASSERT_TRUE(methods_.add(world_.alice, phone(), "client c1"));
  const Authority self{"uid 1000", false, world_.proof(world_.alice, world_.code(totp_))};
  const auto removed = world_.enrollment.remove(world_.alice, totp_.id, self);
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, ErrorCode::Conflict);
}

TEST_F(ManagedUsersTest, ARemovalEndsLoginsUnderWay) {  // S83
  const auto step = world_.begin();
  ASSERT_TRUE(methods_.remove(world_.alice, totp_.id, "client c1"));
  EXPECT_EQ(world_.answer(step, world_.code(totp_)).kind, StepKind::Denied);
}

}  // namespace
}  // namespace twinlock
