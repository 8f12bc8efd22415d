// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "tests/integration/client/fixture.h"

namespace twinlock::client {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
constexpr const char* kSecretInGroups = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ";
constexpr const char* kCodePrompt = "Code that the app shows now: ";
constexpr const char* kOffer = "Make recovery codes, for the day the app is lost? [Y/n] ";

using EnrollTest = ClientTest;

// Confirms with a code, and is asked nothing more.
void expect_no_offer(TerminalRun& terminal) {
  terminal.expect(kCodePrompt);
  terminal.type("123456\n");
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_THAT(terminal.screen(), Not(HasSubstr(kOffer)));
}

TEST_F(EnrollTest, APersonSeesCodeSecretAndUriAndConfirmsWithACode) {
  start();
  TerminalRun terminal(on_bus({"enroll", "totp", "--name", "Phone"}));
  terminal.expect("█");
  terminal.expect(kSecretInGroups);
  terminal.expect("otpauth://totp/");
  terminal.expect(kCodePrompt);
  terminal.type("123 456\n");
  terminal.expect("Enrolled as 01HNEW.");
  terminal.expect(kOffer);
  terminal.type("n\n");
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_THAT(calls(),
              ElementsAre("ListMethods",
                          "EnrollOtp proof= totp Phone SHA1 6 30",
                          "ConfirmOtp 01HNEW 123456",
                          "ListMethods",
                          "Status"));
}

TEST_F(EnrollTest, ACodeIsTypedWithoutEcho) {  // S157
  start();
  TerminalRun terminal(on_bus({"enroll", "totp"}));
  terminal.expect(kCodePrompt);
  EXPECT_FALSE(terminal.echoes());
  terminal.type("123456\n");
  terminal.expect(kOffer);
  EXPECT_TRUE(terminal.echoes());
  terminal.type("n\n");
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_THAT(terminal.screen(), Not(HasSubstr("123456")));
}

TEST_F(EnrollTest, WithJsonOneObjectComesFirstAndTheCodeIsReadFromStandardInput) {
  start();
  const auto finished = twinlock({"enroll", "totp", "--json"}, "123456\n");
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  EXPECT_EQ(std::count(finished.out.begin(), finished.out.end(), '\n'), 1);
  const auto object = json::parse(finished.out);
  EXPECT_EQ(object["id"], "01HNEW");
  EXPECT_EQ(object["secret"], kSecret);
  EXPECT_THAT(object["uri"].get<std::string>(), HasSubstr("otpauth://totp/"));
  EXPECT_EQ(object["existing"], json::array());
  EXPECT_EQ(object.size(), 4U);
}

Script with_a_planted_app() {
  Script script;
  script.methods = {{"01HPLANTED", "totp", "Phone of M.", 1, 1, 0, {}},
                    {"01R", "recovery-code", "", 1, 1, 0, {}}};
  return script;
}

TEST_F(EnrollTest, APersonSeesFirstWhatSomebodyElseMayHaveEnrolledHere) {
  start(with_a_planted_app());
  TerminalRun terminal(on_bus({"enroll", "totp"}));
  terminal.expect("There is already:");
  terminal.expect("01HPLANTED");
  terminal.expect("Phone of M.");
  terminal.expect("Remove what you don't know: twinlock remove ID");
  terminal.expect(kSecretInGroups);
  terminal.expect(kCodePrompt);
  terminal.type("123456\n");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(EnrollTest, AnAdministratorSeesWhatTheAccountHasAlready) {
  start(with_a_planted_app());
  const auto finished =
      twinlock({"enroll", "totp", "--print-secrets", "--user", "bob"}, "123456\n");
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("01HPLANTED"));
  EXPECT_THAT(finished.out, HasSubstr("twinlock remove ID --user bob"));
}

TEST_F(EnrollTest, WithJsonTheObjectNamesWhatIsThereAlready) {
  start(with_a_planted_app());
  const auto finished = twinlock({"enroll", "totp", "--json"}, "123456\n");
  const auto object = json::parse(finished.out);
  ASSERT_EQ(object["existing"].size(), 2U);
  EXPECT_EQ(object["existing"][0]["id"], "01HPLANTED");
  EXPECT_EQ(object["existing"][0]["type"], "totp");
}

TEST_F(EnrollTest, AnAccountWithoutMethodsIsNotTroubledWithAList) {
  start();
  const auto finished = twinlock({"enroll", "totp", "--print-secrets"}, "123456\n");
  EXPECT_THAT(finished.out, Not(HasSubstr("already")));
}

TEST_F(EnrollTest, WithJsonTheObjectIsThereBeforeTheCodeIsRead) {
  start();
  TerminalRun terminal(on_bus({"enroll", "totp", "--json"}));
  terminal.expect("\"uri\"");  // nothing typed yet
  terminal.type("123456\n");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(EnrollTest, WithJsonAWrongCodeIsAnErrorObjectAndStatusOne) {
  start();
  const auto finished = twinlock({"enroll", "totp", "--json"}, "000000\n");
  EXPECT_EQ(finished.status, 1);
  EXPECT_EQ(json::parse(finished.err)["error"], "wrong-code");
}

TEST_F(EnrollTest, WhatIsNoCodeIsWrongWithoutAskingTheDaemon) {
  start();
  EXPECT_EQ(twinlock({"enroll", "totp", "--json"}, "12\xFF\n").status, 1);
  EXPECT_EQ(twinlock({"enroll", "totp", "--json"}, std::string(5000, '1')).status, 1);
  EXPECT_THAT(calls(), Not(Contains(HasSubstr("ConfirmOtp"))));
}

TEST_F(EnrollTest, TheEndOfInputIsNoWrongCode) {
  start();
  const auto finished = twinlock({"enroll", "totp", "--json"}, "");
  EXPECT_EQ(finished.status, 1);
  EXPECT_EQ(json::parse(finished.err)["error"], "cancelled");
  EXPECT_THAT(calls(), Not(Contains(HasSubstr("ConfirmOtp"))));
  EXPECT_EQ(calls().back(), "RemoveMethod proof= 01HNEW");
}

TEST_F(EnrollTest, APersonHasThreeTriesAndThenNothingIsLeft) {
  start();
  TerminalRun terminal(on_bus({"enroll", "totp"}));
  for (int i = 0; i < 3; ++i) {
    terminal.expect(kCodePrompt);
    terminal.type("000000\n");
  }
  EXPECT_EQ(terminal.wait(), 1);
  EXPECT_THAT(terminal.screen(), HasSubstr("not enrolled"));
  EXPECT_EQ(calls().back(), "RemoveMethod proof= 01HNEW");
}

TEST_F(EnrollTest, CtrlCWhileTheCodeIsAskedLeavesNothingAndEndsBySigint) {
  start();
  TerminalRun terminal(on_bus({"enroll", "totp"}));
  terminal.expect(kCodePrompt);
  EXPECT_FALSE(terminal.echoes());
  terminal.type("12\x03");
  EXPECT_EQ(terminal.wait(), -SIGINT);
  EXPECT_THAT(terminal.screen(), HasSubstr("Nobody answered"));
  EXPECT_THAT(
      calls(),
      ElementsAre("ListMethods", "EnrollOtp proof= totp  SHA1 6 30", "RemoveMethod proof= 01HNEW"));
}

TEST_F(EnrollTest, AWrongCodeOnceIsForgiven) {
  start();
  TerminalRun terminal(on_bus({"enroll", "totp"}));
  terminal.expect(kCodePrompt);
  terminal.type("000000\n");
  terminal.expect("not valid");
  terminal.expect(kCodePrompt);
  terminal.type("123456\n");
  terminal.expect(kOffer);
  terminal.type("n\n");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(EnrollTest, RecoveryCodesThatThePersonWantsAreMadeAfterAProof) {
  Script script;
  script.proof_required_once_confirmed = true;
  script.steps = {prompt("Verification code: "), decision(wire::StepKind::Granted, "totp")};
  start(script);
  TerminalRun terminal(on_bus({"enroll", "totp"}));
  terminal.expect(kCodePrompt);
  terminal.type("123456\n");
  terminal.expect(kOffer);
  terminal.type("\n");
  terminal.expect("wait for the app to show the next one");
  terminal.expect("Verification code: ");
  terminal.type("654321\n");
  terminal.expect("1.  AAAA-BBBB");
  terminal.expect("2.  CCCC-DDDD");
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_EQ(calls().back(), "MakeRecoveryCodes proof=conversation-1");
}

TEST_F(EnrollTest, WhoHasRecoveryCodesIsNotOfferedOthers) {
  Script script;
  script.methods = {{"01R", "recovery-code", "", 1, 1, 0, {}}};
  start(script);
  TerminalRun terminal(on_bus({"enroll", "totp"}));
  expect_no_offer(terminal);
}

TEST_F(EnrollTest, WhereTheirFactorIsOffNobodyIsOfferedRecoveryCodes) {
  Script script;
  script.status = R"({"factors": ["otp"]})";
  start(script);
  TerminalRun terminal(on_bus({"enroll", "totp"}));
  expect_no_offer(terminal);
}

TEST_F(EnrollTest, AnAccountWithAMethodShowsThatItIsItselfFirst) {  // S74
  Script script;
  script.proof_required = true;
  script.steps = {prompt("Verification code: "), decision(wire::StepKind::Granted, "totp")};
  start(script);
  const auto finished = twinlock({"enroll", "totp", "--json"}, "777777\n123456\n");
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_THAT(calls(),
              ElementsAre("ListMethods",
                          "EnrollOtp proof= totp  SHA1 6 30",
                          "Begin proof",
                          "Answer conversation-1 777777",
                          "EnrollOtp proof=conversation-1 totp  SHA1 6 30",
                          "ConfirmOtp 01HNEW 123456"));
}

TEST_F(EnrollTest, WhereTheProofServesTheRecoveryCodesTooNobodyIsToldToWait) {
  Script script;
  script.proof_required = true;
  script.steps = {prompt("Verification code: "), decision(wire::StepKind::Granted, "totp")};
  start(script);
  TerminalRun terminal(on_bus({"enroll", "totp"}));
  terminal.expect("Verification code: ");
  terminal.type("777777\n");
  terminal.expect(kCodePrompt);
  terminal.type("123456\n");
  terminal.expect(kOffer);
  terminal.type("y\n");
  terminal.expect("1.  AAAA-BBBB");
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_THAT(terminal.screen(), Not(HasSubstr("wait for the app")));
}

TEST_F(EnrollTest, WithoutTheProofNothingIsEnrolled) {  // S74
  Script script;
  script.proof_required = true;
  script.steps = {prompt("Verification code: "), decision(wire::StepKind::Denied, "wrong-code")};
  start(script);
  const auto finished = twinlock({"enroll", "totp", "--json"}, "777777\n123456\n");
  EXPECT_EQ(finished.status, 1);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(json::parse(finished.err)["error"], "not-granted");
}

TEST_F(EnrollTest, ASecretDoesNotGoIntoAFileByAccident) {  // S157
  start();
  const auto finished = twinlock({"enroll", "totp"}, "123456\n");
  EXPECT_EQ(finished.status, 2);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, HasSubstr("--print-secrets"));
  EXPECT_THAT(calls(), ElementsAre());
}

TEST_F(EnrollTest, ASecretGoesIntoAFileWhenTold) {  // S157
  start();
  const auto finished = twinlock({"enroll", "totp", "--print-secrets"}, "123456\n");
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr(kSecretInGroups));
  EXPECT_THAT(finished.out, Not(HasSubstr("\033")));  // no colours for a file
}

TEST_F(EnrollTest, ParametersReachTheDaemonAsItSpellsThem) {
  start();
  const Arguments totp{
      "enroll", "totp", "--json", "--algorithm", "sha256", "--digits", "8", "--period", "60"};
  EXPECT_EQ(twinlock(totp, "123456\n").status, 0);
  EXPECT_EQ(twinlock({"enroll", "hotp", "--json", "--name", "Key"}, "123456\n").status, 0);
  EXPECT_THAT(calls(), Contains("EnrollOtp proof= totp  SHA256 8 60"));
  EXPECT_THAT(calls(), Contains("EnrollOtp proof= hotp Key SHA1 6 0"));
}

TEST_F(EnrollTest, ParametersThatNoAppKnowsAreRefusedBeforeTheDaemonIsAsked) {
  start();
  for (const Arguments& wrong :
       {Arguments{"--digits", "7"}, Arguments{"--period", "45"}, Arguments{"--algorithm", "md5"}}) {
    EXPECT_EQ(twinlock({"enroll", "totp", wrong[0], wrong[1]}).status, 2) << wrong[0];
  }
  EXPECT_THAT(calls(), ElementsAre());
}

TEST_F(EnrollTest, AWrongParameterIsToldWithWhatWasFoundAndWhatIsAllowed) {
  const auto told = [this](const char* option, const char* typed) {
    return run({"enroll", "totp", option, typed}).err;
  };
  const std::string help = ". See twinlock enroll totp --help.\n";
  EXPECT_EQ(told("--digits", "six"), "twinlock: --digits: found \"six\"; allowed: 6 or 8" + help);
  EXPECT_EQ(told("--digits", "06"), "twinlock: --digits: found \"06\"; allowed: 6 or 8" + help);
  EXPECT_EQ(told("--period", "\x1b[2J"),
            "twinlock: --period: found \"\\x1b[2J\"; allowed: 30 or 60" + help);
  EXPECT_EQ(told("--algorithm", "md5"),
            "twinlock: --algorithm: found \"md5\"; allowed: sha1, sha256 or sha512" + help);
}

TEST_F(EnrollTest, AnAdministratorEnrollsForAnotherAccount) {
  start();
  const auto finished = twinlock({"enroll", "totp", "--json", "--user", "bob"}, "123456\n");
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_THAT(
      calls(),
      ElementsAre(
          "ListMethods bob", "EnrollOtp bob totp  SHA1 6 30", "ConfirmOtp bob 01HNEW 123456"));
}

TEST_F(EnrollTest, TheScreenIsClearedOnceConfirmedWhereThePersonAgrees) {  // S157
  Script script;
  script.methods = {{"01R", "recovery-code", "", 1, 1, 0, {}}};
  start(script);
  TerminalRun terminal(on_bus({"enroll", "totp", "--clear"}));
  terminal.expect(kCodePrompt);
  terminal.type("123456\n");
  terminal.expect("\033[H\033[2J\033[3J");
  EXPECT_EQ(terminal.wait(), 0);
}

}  // namespace
}  // namespace twinlock::client
