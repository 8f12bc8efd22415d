// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/integration/client/fixture.h"

namespace twinlock::client {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Method kPhone{"01A", "totp", "Phone", 1'700'000'000, 1'700'000'060, 0, {}};
const Method kHostile{"01B", "totp", "x\033[2Jy", 1'700'000'000, 0, 0, {"unconfirmed"}};
const Method kCodes{"01R", "recovery-code", "", 1'700'000'000, 1'700'000'000, 0, {}};

class MethodsTest : public ClientTest {
 protected:
  void start_with(std::vector<Method> methods) {
    Script script;
    script.methods = std::move(methods);
    script.steps = {prompt("Verification code: "), decision(wire::StepKind::Granted, "totp")};
    start(script);
  }
  void start_where_a_proof_is_needed(wire::StepKind ending) {
    Script script;
    script.proof_required = true;
    script.steps = {prompt("Verification code: "), decision(ending, "reason")};
    start(script);
  }
};

TEST_F(MethodsTest, ListShowsATableToPeople) {
  start_with({kPhone, kHostile});
  const auto finished = twinlock({"list"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("ID   TYPE  NAME"));
  EXPECT_THAT(finished.out, HasSubstr("01A  totp  Phone"));
  EXPECT_THAT(finished.out, Not(HasSubstr("\033")));  // S21
}

TEST_F(MethodsTest, ListGivesAnArrayToPrograms) {
  start_with({kPhone, kHostile});
  const auto array = json::parse(twinlock({"list", "--json"}).out);
  ASSERT_EQ(array.size(), 2U);
  EXPECT_EQ(array[0]["id"], "01A");
  EXPECT_EQ(array[0]["confirmed"], true);
  EXPECT_EQ(array[1]["confirmed"], false);
}

TEST_F(MethodsTest, WhoHasNothingIsToldHowToEnroll) {
  start_with({});
  const auto finished = twinlock({"list"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, HasSubstr("twinlock enroll totp"));
}

TEST_F(MethodsTest, AnAdministratorListsAnotherAccount) {
  start_with({kPhone});
  EXPECT_EQ(twinlock({"list", "--user", "bob"}).status, 0);
  EXPECT_THAT(calls(), ElementsAre("ListMethods bob"));
}

TEST_F(MethodsTest, RemovingOnesOwnNeedsAProof) {  // S74
  start_where_a_proof_is_needed(wire::StepKind::Granted);
  const auto finished = twinlock({"remove", "01A", "--json"}, "123456\n");
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(json::parse(finished.out), (json{{"removed", "01A"}}));
  EXPECT_EQ(calls().back(), "RemoveMethod proof=conversation-1 01A");
}

TEST_F(MethodsTest, WithoutTheProofNothingIsRemoved) {  // S74
  using enum wire::StepKind;
  for (const auto ending : {Denied, Exhausted, Exempt, Unavailable}) {
    start_where_a_proof_is_needed(ending);
    EXPECT_EQ(twinlock({"remove", "01A"}, "123456\n").status, 1);
    EXPECT_THAT(
        calls(),
        ElementsAre("RemoveMethod proof= 01A", "Begin proof", "Answer conversation-1 123456"));
    daemon_.reset();
  }
}

TEST_F(MethodsTest, WhereNobodyAnswersItSaysSo) {
  start_where_a_proof_is_needed(wire::StepKind::Granted);
  for (const Arguments& command : {Arguments{"remove", "01A"}, Arguments{"recovery-codes"}}) {
    auto arguments = command;
    arguments.emplace_back("--json");
    const auto finished = twinlock(arguments, "");
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(json::parse(finished.err),
              (json{{"error", "cancelled"}, {"message", "Nobody answered; nothing was changed."}}));
  }
  TerminalRun terminal(on_bus({"remove", "01A"}));
  terminal.expect("Verification code: ");
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), -SIGINT);
  EXPECT_THAT(terminal.screen(), HasSubstr("Nobody answered; nothing was changed."));
}

TEST_F(MethodsTest, RemovingAnothersIsRefusedWhereNobodyCanBeAsked) {
  start_with({kPhone});
  EXPECT_EQ(twinlock({"remove", "01A", "--user", "bob"}).status, 2);
  EXPECT_THAT(calls(), ElementsAre());
  EXPECT_EQ(twinlock({"remove", "01A", "--user", "bob", "--yes"}).status, 0);
  EXPECT_THAT(calls(), ElementsAre("RemoveMethod bob 01A"));
}

TEST_F(MethodsTest, RenameGivesTheNewName) {
  start_with({kPhone});
  EXPECT_EQ(twinlock({"rename", "01A", "Old phone"}).status, 0);
  EXPECT_EQ(twinlock({"rename", "01A", "Büro", "--user", "bob"}).status, 0);
  EXPECT_THAT(calls(),
              ElementsAre("ListMethods",
                          "RenameMethod 01A Old phone",
                          "ListMethods bob",
                          "RenameMethod bob 01A Büro"));
}

TEST_F(MethodsTest, AnArgumentThatIsNotUtf8IsBadInput) {
  start_with({kPhone});
  EXPECT_EQ(twinlock({"rename", "01A", "\xFF"}).status, 2);
  EXPECT_THAT(calls(), ElementsAre());
}

TEST_F(MethodsTest, RecoveryCodesAreAnObjectForPrograms) {
  start_with({});
  const auto finished = twinlock({"recovery-codes", "--json"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(json::parse(finished.out), (json{{"codes", {"AAAA-BBBB", "CCCC-DDDD"}}}));
}

TEST_F(MethodsTest, RecoveryCodesDoNotGoIntoAFileByAccident) {  // S157
  start_with({});
  EXPECT_EQ(twinlock({"recovery-codes"}).status, 2);
  EXPECT_THAT(calls(), ElementsAre());
}

TEST_F(MethodsTest, RecoveryCodesGoIntoANewFileOfTheOwnersAlone) {  // S157
  start_with({});
  const auto file = bus_.directory() + "/codes";
  const auto finished = twinlock({"recovery-codes", "--output", file});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_THAT(finished.out, Not(HasSubstr("AAAA")));
  struct stat state {};
  ASSERT_EQ(stat(file.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777U, 0600U);
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  EXPECT_EQ(text.str(), "AAAA-BBBB\nCCCC-DDDD\n");
}

TEST_F(MethodsTest, WhereTheirFactorIsOffRecoveryCodesAreMadeWithARemark) {
  start_with({});
  const std::string remark = "The factor recovery-code is switched off";
  EXPECT_THAT(twinlock({"recovery-codes", "--print-secrets"}).err, Not(HasSubstr(remark)));
  daemon_.reset();
  Script script;
  script.status = R"({"factors": ["otp"]})";
  start(script);
  const auto finished = twinlock({"recovery-codes", "--print-secrets"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_THAT(finished.err, HasSubstr(remark));
  EXPECT_THAT(finished.out, HasSubstr("AAAA-BBBB"));
}

TEST_F(MethodsTest, ACountOfOneIsSaidInTheSingular) {
  Script script;
  script.recovery_codes = {"AAAA-BBBB"};
  script.removed = 1;
  start(script);
  EXPECT_THAT(twinlock({"recovery-codes", "--output", bus_.directory() + "/one"}).out,
              testing::StartsWith("Wrote 1 code to "));
  EXPECT_EQ(twinlock({"admin", "user", "reset", "bob", "--yes"}).out, "Removed 1 method of bob.\n");
  EXPECT_THAT(twinlock({"admin", "log", "verify"}).out, testing::StartsWith("7 records, "));
}

TEST_F(MethodsTest, ALinkIsNotFollowed) {  // S157
  start_with({});
  const auto file = bus_.directory() + "/codes";
  std::filesystem::create_symlink(bus_.directory() + "/elsewhere", file);
  EXPECT_EQ(twinlock({"recovery-codes", "--output", file}).status, 2);
  EXPECT_FALSE(std::filesystem::exists(bus_.directory() + "/elsewhere"));
  EXPECT_THAT(calls(), ElementsAre());
}

TEST_F(MethodsTest, AFileThatExistsIsNotOverwritten) {  // S157
  start_with({});
  const auto file = bus_.directory() + "/codes";
  std::ofstream(file) << "mine";
  EXPECT_EQ(twinlock({"recovery-codes", "--output", file}).status, 2);
  EXPECT_EQ(std::filesystem::file_size(file), 4U);
  EXPECT_THAT(calls(), ElementsAre());
}

TEST_F(MethodsTest, WithoutCodesNoFileIsLeft) {
  start_where_a_proof_is_needed(wire::StepKind::Denied);
  const auto file = bus_.directory() + "/codes";
  EXPECT_EQ(twinlock({"recovery-codes", "--output", file}, "1\n").status, 1);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(MethodsTest, ReplacingAnothersRecoveryCodesIsConfirmed) {
  start_with({kCodes});
  EXPECT_EQ(twinlock({"recovery-codes", "--json", "--user", "bob"}).status, 2);
  EXPECT_EQ(twinlock({"recovery-codes", "--json", "--user", "bob", "--yes"}).status, 0);
  EXPECT_EQ(calls().back(), "MakeRecoveryCodes bob");
}

TEST_F(MethodsTest, StatusIsTheDaemonsObject) {
  start_with({});
  EXPECT_EQ(twinlock({"status"}).out,
            "account   alice\nenrolled  yes\nfactors   otp, recovery-code\n");
  EXPECT_EQ(
      json::parse(twinlock({"status", "--json", "--user", "bob"}).out),
      (json{{"account", "alice"}, {"enrolled", true}, {"factors", {"otp", "recovery-code"}}}));
  EXPECT_THAT(calls(), ElementsAre("Status", "UserStatus bob"));
}

}  // namespace
}  // namespace twinlock::client
