// SPDX-License-Identifier: MIT
#include "daemon/domain/enrollment.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/unit/domain/login_world.h"

namespace twinlock {
namespace {

using wire::StepKind;

class EnrollmentTest : public testing::Test {
 protected:
  static ErrorCode code_of(const Status& status) {
    return status ? ErrorCode::Internal : status.error().code;
  }
  template <typename T>
  static std::optional<ErrorCode> error_of(const Result<T>& result) {
    return result ? std::nullopt : std::optional(result.error().code);
  }
  Result<NewOtp> enroll(const Authority& authority, const OtpRequest& request = {}) {
    return world_.enrollment.enroll_otp(world_.alice, request, authority);
  }
  Result<Confirmation> confirm(const OtpCredential& pending,
                               std::string_view code,
                               const Authority& authority) {
    return world_.enrollment.confirm_otp(world_.alice, pending.id, Secret(code), authority);
  }
  static Authority with_proof(const ConversationId& proof) { return {"uid 1000", false, proof}; }
  // What the user began itself, and not yet confirmed.
  OtpCredential begin(const Authority& authority, const OtpRequest& request = {}) {
    auto made = enroll(authority, request);
    EXPECT_TRUE(made);
    return {made->id, request.type, request.parameters, made->seed.copy(), -1, 0};
  }

  LoginWorld world_;
};

TEST_F(EnrollmentTest, GivesTheSeedAndItsUriOnce) {
  const auto made = enroll(world_.self, {MethodType::Totp, "Phone", {}});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->seed.size(), 20U);
  EXPECT_THAT(made->uri,
              testing::MatchesRegex("otpauth://totp/Here:alice\\?secret=[A-Z2-7]{32}&issuer=Here&"
                                    "algorithm=SHA1&digits=6&period=30"));
}

TEST_F(EnrollmentTest, A05TheTenantsNameIsWhatAppsShow) {
  const auto name_tenant = [this](const char* name) {
    const auto stored = world_.memory.setting_group(SettingGroup::Tenant);
    return world_.memory.replace_setting_group(
        SettingGroup::Tenant, {{{"friendly_name", name}}, stored->version}, {});
  };
  ASSERT_EQ(*name_tenant("Example: Ltd\n"), Claim::Won);
  EXPECT_THAT(enroll(world_.self)->uri, testing::StartsWith("otpauth://totp/Example%20Ltd:alice?"));
  ASSERT_EQ(*name_tenant(""), Claim::Won);
  EXPECT_THAT(enroll(world_.self)->uri, testing::StartsWith("otpauth://totp/Here:alice?"));
}

TEST_F(EnrollmentTest, TwoSeedsAreNeverTheSame) {
  EXPECT_NE(enroll(world_.self)->seed.text(), enroll(world_.self)->seed.text());
}

TEST_F(EnrollmentTest, AMethodCountsFromItsConfirmationOnAndNotBefore) {  // S49
  const auto pending = begin(world_.self);
  EXPECT_EQ(world_.login(world_.code(pending)).kind, StepKind::PromptHidden);
  EXPECT_EQ(*confirm(pending, "000000", world_.self), Confirmation::WrongCode);
  EXPECT_EQ(world_.login(world_.code(pending)).kind, StepKind::PromptHidden);
  ASSERT_EQ(*confirm(pending, world_.code(pending), world_.self), Confirmation::Confirmed);
  EXPECT_EQ(world_.login(world_.code(pending)).kind, StepKind::PromptHidden);  // S87: used up
  EXPECT_EQ(world_.login(world_.code(pending, 1)).kind, StepKind::Granted);
}

TEST_F(EnrollmentTest, AMethodIsConfirmedOnce) {
  const auto pending = begin(world_.self);
  ASSERT_EQ(*confirm(pending, world_.code(pending), world_.self), Confirmation::Confirmed);
  EXPECT_EQ(error_of(confirm(pending, world_.code(pending, 1), world_.self)), ErrorCode::Conflict);
}

TEST_F(EnrollmentTest, AnUnconfirmedMethodEndsAfterAnHour) {
  const auto pending = begin(world_.self);
  world_.clock.advance(1h);
  EXPECT_EQ(error_of(confirm(pending, world_.code(pending), world_.self)), ErrorCode::NotFound);
}

TEST_F(EnrollmentTest, NobodyConfirmsWhatIsAnothers) {  // S36
  const auto pending = begin(world_.self);
  const Secret code(world_.code(pending));
  EXPECT_EQ(error_of(world_.enrollment.confirm_otp(world_.bob, pending.id, code, world_.self)),
            ErrorCode::NotFound);
  EXPECT_EQ(error_of(world_.enrollment.confirm_otp({"alice", 2000}, pending.id, code, world_.self)),
            ErrorCode::NotFound);
}

TEST_F(EnrollmentTest, ThereAreFiveAtMost) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(enroll(world_.administrator)) << i;
  EXPECT_EQ(error_of(enroll(world_.administrator)), ErrorCode::LimitExceeded);
}

TEST_F(EnrollmentTest, AFactorThatIsOffTakesNoEnrollment) {
  ASSERT_TRUE(world_.memory.set_factor(Factor::Otp, false, {}));
  EXPECT_EQ(error_of(enroll(world_.administrator)), ErrorCode::Conflict);
}

TEST_F(EnrollmentTest, NobodyTakesAwayTheLastAuthenticatorThatLoginsNeed) {  // S83
  const auto only = world_.enroll(world_.alice);
  const auto proof = with_proof(world_.proof(world_.alice, world_.code(only)));
  EXPECT_EQ(error_of(world_.enrollment.remove(world_.alice, only.id, proof)), ErrorCode::Conflict);
  EXPECT_TRUE(world_.enrollment.remove(world_.alice, only.id, world_.administrator));
}

TEST_F(EnrollmentTest, AProofEndsWithTheMethodsItStoodFor) {  // S83
  const auto old = world_.enroll(world_.alice);
  const auto proof = with_proof(world_.proof(world_.alice, world_.code(old)));
  ASSERT_TRUE(world_.administration.reset("alice", "uid 0"));
  const auto fresh = world_.enroll(world_.alice);
  EXPECT_EQ(error_of(enroll(proof)), ErrorCode::ProofRequired);
  EXPECT_EQ(error_of(world_.enrollment.remove(world_.alice, fresh.id, proof)),
            ErrorCode::ProofRequired);
}

class BadRequestTest : public EnrollmentTest, public testing::WithParamInterface<OtpRequest> {};

TEST_P(BadRequestTest, IsRefused) {  // S21
  EXPECT_EQ(error_of(enroll(world_.administrator, GetParam())), ErrorCode::InvalidInput);
}

INSTANTIATE_TEST_SUITE_P(
    OtherParameters,
    BadRequestTest,
    testing::Values(OtpRequest{MethodType::RecoveryCode, "", {}},
                    OtpRequest{MethodType::Totp, "", {HashAlgorithm::Sha1, 7, 30s}},
                    OtpRequest{MethodType::Totp, "", {HashAlgorithm::Sha1, 0, 30s}},
                    OtpRequest{MethodType::Totp, "", {HashAlgorithm::Sha1, 6, 0s}},
                    OtpRequest{MethodType::Totp, "", {HashAlgorithm::Sha1, 6, 31s}},
                    OtpRequest{MethodType::Totp, "", {HashAlgorithm::Sha1, 6, -30s}},
                    OtpRequest{MethodType::Hotp, "", {HashAlgorithm::Sha1, 9, 30s}},
                    OtpRequest{MethodType::Totp, "two\nlines", {}},
                    OtpRequest{MethodType::Totp, "\x1b[31m", {}},
                    OtpRequest{MethodType::Totp, "\xff", {}},
                    OtpRequest{MethodType::Totp, std::string(65, 'x'), {}}));

// S36, S74, S106: who may do what. `first` while the account has nothing, `further` with an
// authenticator and no proof, then with a proof by code, and with one by recovery code.

enum class Operation { Enroll, MakeRecoveryCodes, Remove };

class AuthorityTest : public EnrollmentTest, public testing::WithParamInterface<Operation> {
 protected:
  Status act(const Authority& authority) {
    switch (GetParam()) {
      case Operation::Enroll: {
        const auto made = enroll(authority);
        return made ? Status(Done{}) : Status(made.error());
      }
      case Operation::MakeRecoveryCodes: {
        const auto made = world_.enrollment.make_recovery_codes(world_.alice, authority);
        return made ? Status(Done{}) : Status(made.error());
      }
      case Operation::Remove:
        return world_.enrollment.remove(world_.alice, totp_->id, authority);
    }
    return Error{ErrorCode::Internal, ""};
  }
  void have_authenticators() {
    totp_ = world_.enroll(world_.alice);
    spare_ = world_.enroll(world_.alice);  // the last one would have to stay (S83)
    codes_ = world_.recovery_codes(world_.alice);
  }

  std::optional<OtpCredential> totp_;
  std::optional<OtpCredential> spare_;
  std::vector<std::string> codes_;
};

TEST_P(AuthorityTest, AFurtherChangeNeedsAProof) {  // S36, S74
  have_authenticators();
  EXPECT_EQ(code_of(act(world_.self)), ErrorCode::ProofRequired);
  EXPECT_TRUE(act(with_proof(world_.proof(world_.alice, world_.code(*totp_)))));
}

TEST_P(AuthorityTest, AProofByRecoveryCodeAddsAndTakesNothingAway) {  // S106
  have_authenticators();
  const auto done = act(with_proof(world_.proof(world_.alice, codes_[0])));
  if (GetParam() == Operation::Enroll) {
    EXPECT_TRUE(done);
  } else {
    EXPECT_EQ(code_of(done), ErrorCode::ProofRequired);
  }
}

TEST_P(AuthorityTest, AProofLastsFiveMinutes) {  // S74
  have_authenticators();
  const auto proof = world_.proof(world_.alice, world_.code(*totp_));
  world_.clock.advance(5min);
  EXPECT_EQ(code_of(act(with_proof(proof))), ErrorCode::ProofRequired);
}

TEST_P(AuthorityTest, AnothersProofProvesNothing) {  // S36
  have_authenticators();
  const auto bobs = world_.enroll(world_.bob);
  EXPECT_EQ(code_of(act(with_proof(world_.proof(world_.bob, world_.code(bobs))))),
            ErrorCode::ProofRequired);
}

TEST_P(AuthorityTest, ALoginATestOrAnOpenProofProveNothing) {  // S74
  have_authenticators();
  const auto login = world_.begin();
  ASSERT_EQ(world_.answer(login, world_.code(*totp_)).kind, StepKind::Granted);
  EXPECT_EQ(code_of(act(with_proof(login.conversation))), ErrorCode::ProofRequired);

  for (const auto purpose : {Purpose::Test, Purpose::Proof}) {
    auto context = world_.context("alice", "");
    context.purpose = purpose;
    const auto asked = world_.engine.begin(context);
    if (purpose == Purpose::Test) {
      ASSERT_EQ(world_.answer(asked, world_.code(*totp_, 1), {1000}).kind, StepKind::Granted);
    }
    EXPECT_EQ(code_of(act(with_proof(asked.conversation))), ErrorCode::ProofRequired);
  }
  EXPECT_EQ(code_of(act(with_proof(world_.nonce()))), ErrorCode::ProofRequired);
}

TEST_P(AuthorityTest, AnAdministratorNeedsNoProof) {  // S74
  have_authenticators();
  EXPECT_TRUE(act(world_.administrator));
}

TEST_P(AuthorityTest, WithSelfServiceOffOnlyAnAdministratorMay) {
  have_authenticators();
  world_.enrollment.allow_self_service(false);
  const auto proof = world_.proof(world_.alice, world_.code(*totp_));
  EXPECT_EQ(code_of(act(with_proof(proof))), ErrorCode::Forbidden);
  EXPECT_TRUE(act(world_.administrator));
}

TEST_P(AuthorityTest, AStoreThatFailsIsNotAnEmptyOne) {  // S47, S74
  have_authenticators();
  for (const char* call : {"methods_of", "conversation"}) {
    world_.faults.fail_next(call, Fault::Error);
    EXPECT_EQ(code_of(act(with_proof(world_.nonce()))), ErrorCode::Unavailable) << call;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryChange,
                         AuthorityTest,
                         testing::Values(Operation::Enroll,
                                         Operation::MakeRecoveryCodes,
                                         Operation::Remove));

TEST_F(EnrollmentTest, TheFirstAuthenticatorNeedsNoProof) {  // S74
  EXPECT_TRUE(enroll(world_.self));
}

// What code in somebody's session prepares must not outlive an administrator's enrollment.
TEST_F(EnrollmentTest, RecoveryCodesNeedAnAuthenticatorBesideThem) {
  EXPECT_EQ(error_of(world_.enrollment.make_recovery_codes(world_.alice, world_.self)),
            ErrorCode::Conflict);
  static_cast<void>(world_.recovery_codes(world_.alice));  // an administrator's
  EXPECT_EQ(error_of(world_.enrollment.make_recovery_codes(world_.alice, world_.self)),
            ErrorCode::ProofRequired);
}

TEST_F(EnrollmentTest, WhatAnEarlierHolderOfTheNameEnrolledAsksForNoProof) {  // S37
  static_cast<void>(world_.enroll(world_.alice));
  EXPECT_TRUE(world_.enrollment.enroll_otp({"alice", 2000}, {}, world_.self));
}

TEST_F(EnrollmentTest, BegunBeforeTheFirstWasConfirmedASecondNeedsAProofAfterAll) {  // S74
  // Malware in the session begins one as well, while the account has nothing, and waits.
  const auto hidden = begin(world_.self);
  world_.clock.advance(10s);
  const auto own = begin(world_.self);
  world_.clock.advance(10s);
  ASSERT_EQ(*confirm(own, world_.code(own), world_.self), Confirmation::Confirmed);
  world_.clock.advance(10s);
  EXPECT_EQ(error_of(confirm(hidden, world_.code(hidden), world_.self)), ErrorCode::ProofRequired);
  EXPECT_EQ(world_.login(world_.code(hidden)).kind, StepKind::PromptHidden);
  EXPECT_EQ(*confirm(hidden, world_.code(hidden), world_.administrator), Confirmation::Confirmed);
}

TEST_F(EnrollmentTest, SeveralBegunWithAProofAreAllConfirmed) {  // S74
  const auto first = world_.enroll(world_.alice);
  const auto proof = with_proof(world_.proof(world_.alice, world_.code(first)));
  world_.clock.advance(10s);
  const auto second = begin(proof);
  const auto third = begin(proof);
  world_.clock.advance(10s);
  EXPECT_EQ(*confirm(second, world_.code(second), world_.self), Confirmation::Confirmed);
  EXPECT_EQ(*confirm(third, world_.code(third), world_.self), Confirmation::Confirmed);
}

// S49: an unconfirmed method, a foreign one and a removed one, under every operation.

TEST_F(EnrollmentTest, WhatIsUnconfirmedMayBeGivenUpWithoutAProof) {
  static_cast<void>(world_.enroll(world_.alice));
  const auto pending = world_.start(world_.alice);
  EXPECT_TRUE(world_.enrollment.remove(world_.alice, pending.id, world_.self));
}

TEST_F(EnrollmentTest, AnUnconfirmedMethodCannotBeResynchronized) {  // S49
  const auto pending = world_.start(world_.alice);
  const auto done = world_.enrollment.resynchronize(world_.alice,
                                                    pending.id,
                                                    Secret(world_.code(pending, 4)),
                                                    Secret(world_.code(pending, 5)),
                                                    world_.administrator);
  EXPECT_EQ(error_of(done), ErrorCode::NotFound);
}

TEST_F(EnrollmentTest, AForeignMethodIsNotFoundByItsNamesNewHolder) {  // S37, S49
  const auto old = world_.enroll(world_.alice);
  const Account successor{"alice", 2000};
  EXPECT_EQ(code_of(world_.enrollment.remove(successor, old.id, world_.self)), ErrorCode::NotFound);
  EXPECT_EQ(code_of(world_.enrollment.rename(successor, old.id, "mine", world_.self)),
            ErrorCode::NotFound);
  EXPECT_TRUE(world_.enrollment.remove(successor, old.id, world_.administrator));
}

TEST_F(EnrollmentTest, ARemovedMethodIsNotFound) {  // S49
  const auto gone = world_.enroll(world_.alice);
  ASSERT_TRUE(world_.enrollment.remove(world_.alice, gone.id, world_.administrator));
  EXPECT_EQ(code_of(world_.enrollment.remove(world_.alice, gone.id, world_.administrator)),
            ErrorCode::NotFound);
  EXPECT_EQ(code_of(world_.enrollment.rename(world_.alice, gone.id, "x", world_.administrator)),
            ErrorCode::NotFound);
  EXPECT_EQ(error_of(confirm(gone, world_.code(gone, 1), world_.administrator)),
            ErrorCode::NotFound);
}

TEST_F(EnrollmentTest, NamesAreTextThatATerminalSurvives) {  // S21
  const auto method = world_.enroll(world_.alice);
  const auto rename = [&](std::string_view name) {
    return world_.enrollment.rename(world_.alice, method.id, name, world_.self);
  };
  EXPECT_TRUE(rename("Gr\xc3\xbcnes Telefon"));
  for (const std::string& name : {std::string(),
                                  std::string("\x1b[2J"),
                                  std::string("a\nb"),
                                  std::string("\xe2\x80\xae"),
                                  std::string(65, 'a')}) {
    EXPECT_EQ(code_of(rename(name)), ErrorCode::InvalidInput) << name;
  }
  EXPECT_EQ(world_.memory.methods_of("alice")->front().name, "Gr\xc3\xbcnes Telefon");
}

// S90, S91: resynchronising.

class ResynchronizeTest : public EnrollmentTest {
 protected:
  Result<Confirmation> resynchronize(const OtpCredential& method, int first, int second) {
    return world_.enrollment.resynchronize(world_.alice,
                                           method.id,
                                           Secret(world_.code(method, first)),
                                           Secret(world_.code(method, second)),
                                           world_.administrator);
  }
};

TEST_F(ResynchronizeTest, AnAuthenticatorTenStepsOffWorksAfterwards) {  // S90
  const auto totp = world_.enroll(world_.alice);
  EXPECT_EQ(world_.login(world_.code(totp, 9)).kind, StepKind::PromptHidden);
  ASSERT_EQ(*resynchronize(totp, 9, 10), Confirmation::Confirmed);
  EXPECT_EQ(world_.login(world_.code(totp, 10)).kind, StepKind::PromptHidden);  // used up
  EXPECT_EQ(world_.login(world_.code(totp, 11)).kind, StepKind::Granted);
}

TEST_F(ResynchronizeTest, ElevenStepsAreTooFar) {  // S90
  const auto totp = world_.enroll(world_.alice);
  EXPECT_EQ(*resynchronize(totp, 10, 11), Confirmation::WrongCode);
  EXPECT_EQ(*resynchronize(totp, 3, 5), Confirmation::WrongCode);
}

TEST_F(ResynchronizeTest, ATokenFarAheadWorksAfterwards) {  // S91
  auto hotp = world_.enroll(world_.alice, MethodType::Hotp);
  ASSERT_EQ(*resynchronize(hotp, 40, 41), Confirmation::Confirmed);
  EXPECT_EQ(world_.login(world_.code(hotp, 41)).kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.login(world_.code(hotp, 42)).kind, StepKind::Granted);
  EXPECT_EQ(*resynchronize(hotp, 2, 3), Confirmation::WrongCode);  // never back
}

TEST_F(ResynchronizeTest, IsForAdministrators) {  // S90
  const auto totp = world_.enroll(world_.alice);
  const auto done = world_.enrollment.resynchronize(world_.alice,
                                                    totp.id,
                                                    Secret(world_.code(totp, 4)),
                                                    Secret(world_.code(totp, 5)),
                                                    world_.self);
  EXPECT_EQ(error_of(done), ErrorCode::Forbidden);
}

TEST_F(EnrollmentTest, AUserFillsNoLogWithItsOwnChanges) {  // S128
  const auto pending = begin(world_.self);
  int renamed = 0;
  for (int i = 0; i < 100; ++i) {
    const auto name = "name " + std::to_string(i);
    if (world_.enrollment.rename(world_.alice, pending.id, name, world_.self)) ++renamed;
  }
  EXPECT_EQ(renamed, 59);
  EXPECT_EQ(error_of(enroll(world_.self)), ErrorCode::LimitExceeded);
  EXPECT_EQ(error_of(confirm(pending, world_.code(pending), world_.self)),
            ErrorCode::LimitExceeded);
  EXPECT_TRUE(enroll(world_.administrator)) << "an administrator isn't counted";
  world_.clock.advance(std::chrono::minutes(61));
  EXPECT_TRUE(enroll(world_.self));
}

TEST_F(EnrollmentTest, EveryChangeIsOneAuditRecordWithItsActor) {  // S126, S127
  const auto totp = world_.enroll(world_.alice);
  ASSERT_TRUE(world_.enrollment.rename(world_.alice, totp.id, "New name", world_.self));
  world_.recovery_codes(world_.alice);
  ASSERT_TRUE(world_.enrollment.remove(world_.alice, totp.id, world_.administrator));
  for (const auto type : {AuditEventType::EnrollmentStarted,
                          AuditEventType::MethodEnrolled,
                          AuditEventType::MethodRenamed,
                          AuditEventType::RecoveryCodesMade,
                          AuditEventType::MethodRemoved}) {
    const auto events = world_.audited(type);
    ASSERT_EQ(events.size(), 1U) << audit_event_name(type);
    EXPECT_EQ(events.front().user, "alice");
    EXPECT_EQ(events.front().actor, type == AuditEventType::MethodRenamed ? "uid 1000" : "uid 0");
    EXPECT_TRUE(events.front().method_id);
  }
  EXPECT_EQ(world_.log.events().size(), 5U);
}

TEST_F(EnrollmentTest, RecoveryCodesAreTenDifferentOnes) {  // S105
  const auto codes = world_.recovery_codes(world_.alice);
  EXPECT_EQ(codes.size(), 10U);
  EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), 10U);
}

}  // namespace
}  // namespace twinlock
