// SPDX-License-Identifier: MIT
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/fakes/temporary_directory.h"
#include "tests/integration/client/fixture.h"

namespace twinlock::client {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kGranted =
    R"({"seq":1,"time":"2026-01-31T12:00:00.123Z","event":"login.granted","severity":"info",)"
    R"("user":"alice","uid":1000,"service":"sshd","source":"203.0.113.7","method_type":"totp",)"
    R"("result":"granted","reason":"totp"})";
constexpr const char* kPolicySet =
    R"({"seq":2,"time":"2026-01-31T12:00:01.000Z","event":"policy.set","actor":"root",)"
    R"("result":"done","reason":"x[2J"})";

class AdminTest : public ClientTest {
 protected:
  // A daemon whose account has one authenticator, 01A, called Phone.
  void start_with_a_phone() {
    Script script;
    script.methods = {{"01A", "totp", "Phone", 1'700'000'000, 1'700'000'060, 0, {}}};
    start(script);
  }
  // One whose log has these.
  void start_with_records(const std::vector<std::string>& records) {
    Script script;
    script.records = records;
    start(script);
  }
  // Takes the daemon away from a command that follows its log, once that has shown a record.
  void lose_the_daemon(TerminalRun& follower) {
    follower.expect("login.granted");
    daemon_.reset();
    follower.expect("twinlockd is away; trying again until Ctrl-C.");
  }
};

TEST_F(AdminTest, UsersAreListed) {
  start();
  EXPECT_EQ(twinlock({"admin", "user", "list"}).out,
            "USER   UID   METHODS  STATE\n"
            "alice  1000  2        active\n"
            "bob    1001  1        held\n");
  const auto array = json::parse(twinlock({"admin", "user", "list", "--json"}).out);
  EXPECT_EQ(array[1], (json{{"user", "bob"}, {"uid", 1001}, {"methods", 1}, {"state", "held"}}));
}

TEST_F(AdminTest, AUserIsShownWithItsMethods) {
  start_with_a_phone();
  EXPECT_THAT(twinlock({"admin", "user", "show", "alice"}).out, HasSubstr("Phone"));
  const auto object = json::parse(twinlock({"admin", "user", "show", "alice", "--json"}).out);
  EXPECT_EQ(object["account"], "alice");
  EXPECT_EQ(object["methods"][0]["id"], "01A");
}

TEST_F(AdminTest, AResetWithoutATerminalNeedsYes) {
  start();
  for (const Arguments& form : {Arguments{}, Arguments{"--json"}}) {
    Arguments arguments{"admin", "user", "reset", "alice"};
    arguments.insert(arguments.end(), form.begin(), form.end());
    const auto finished = twinlock(arguments, "y\n");
    EXPECT_EQ(finished.status, 2);
    EXPECT_THAT(finished.err, HasSubstr("--yes"));
  }
  EXPECT_THAT(calls(), ElementsAre());
  const auto finished = twinlock({"admin", "user", "reset", "alice", "--yes", "--json"});
  EXPECT_EQ(json::parse(finished.out), (json{{"user", "alice"}, {"removed", 3}}));
}

TEST_F(AdminTest, AResetOnATerminalIsAskedForAndNoIsTheDefault) {
  start();
  for (const auto* keys : {"\n", "n\n", "\x04"}) {
    TerminalRun terminal(on_bus({"admin", "user", "reset", "alice"}));
    terminal.expect("Remove every authentication method of alice? [y/N] ");
    terminal.type(keys);
    EXPECT_EQ(terminal.wait(), 1);
  }
  EXPECT_THAT(calls(), ElementsAre());
  TerminalRun terminal(on_bus({"admin", "user", "reset", "alice"}));
  terminal.expect("[y/N] ");
  terminal.type("y\n");
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_THAT(calls(), ElementsAre("ResetUser alice"));
}

TEST_F(AdminTest, AUserIsUnlocked) {
  for (const auto& [hold, words] : std::vector<std::pair<json, std::string>>{
           {"2026-01-31T12:00:00Z", "may try again"}, {nullptr, "no code was on hold"}}) {
    Script script;
    script.status = json{{"hold", hold}, {"short_codes_disabled", false}}.dump();
    start(script);
    const auto finished = twinlock({"admin", "user", "unlock", "alice"});
    EXPECT_EQ(finished.status, 0);
    EXPECT_THAT(finished.out, HasSubstr(words));
    EXPECT_THAT(calls(), ElementsAre("UserStatus alice", "UnlockUser alice"));
    daemon_.reset();
  }
}

TEST_F(AdminTest, ResyncTakesTwoCodesFromStandardInput) {  // S90, S157
  start_with_a_phone();
  EXPECT_EQ(twinlock({"admin", "user", "resync", "bob", "01A"}, "123456\n234 567\n").status, 0);
  EXPECT_THAT(calls(), ElementsAre("ListMethods bob", "ResynchronizeOtp bob 01A 123456 234567"));
  EXPECT_EQ(twinlock({"admin", "user", "resync", "bob", "01A"}, "111111\n222222\n").status, 1);
  EXPECT_EQ(twinlock({"admin", "user", "resync", "bob", "01A"}, "123456\n").status, 2);
}

TEST_F(AdminTest, ResyncOfAMethodThatIsNotThereAsksForNoCode) {
  start_with_a_phone();
  TerminalRun terminal(on_bus({"admin", "user", "resync", "bob", "01B"}));
  EXPECT_EQ(terminal.wait(), 5);
  EXPECT_THAT(terminal.screen(), HasSubstr("bob has no method 01B"));
  TerminalRun lower_case(on_bus({"admin", "user", "resync", "bob", "01a"}));
  lower_case.expect("Code that the authenticator shows now: ");
}

TEST_F(AdminTest, AClientIsMadeAndItsSecretShownOnce) {  // S157
  start();
  const Arguments create{"admin", "client", "create", "terraform", "--scope", "full"};
  const auto refused = twinlock(create);
  EXPECT_EQ(refused.status, 2) << "standard output is no terminal";
  EXPECT_THAT(refused.err, HasSubstr("--print-secrets"));
  EXPECT_THAT(calls(), ElementsAre());
  auto told = create;
  told.insert(told.end(),
              {"--print-secrets",
               "--network",
               "192.0.2.0/24,2001:db8::/32",
               "--group",
               "staff",
               "--users",
               "web-*",
               "--token-life",
               "3600"});
  const auto made = twinlock(told);
  EXPECT_EQ(made.status, 0);
  EXPECT_EQ(made.out,
            "client_id      abcdefghijklmnopqrstuvwxyz012345\n"
            "client_secret  tls_secret\n");
  EXPECT_THAT(made.err, HasSubstr("not shown again"));
  EXPECT_THAT(calls(),
              ElementsAre("CreateApiClient terraform [full] [192.0.2.0/24 2001:db8::/32] [staff] "
                          "web-* 0 3600"));
  auto as_json = create;
  as_json.emplace_back("--json");
  EXPECT_EQ(
      json::parse(twinlock(as_json).out),
      (json{{"client_id", "abcdefghijklmnopqrstuvwxyz012345"}, {"client_secret", "tls_secret"}}));
}

TEST_F(AdminTest, AClientThatSignsHasNoSecret) {
  start();
  const TemporaryDirectory directory;
  const auto file = directory / "key.pem";
  std::ofstream(file) << "-----BEGIN PUBLIC KEY-----\n";
  const auto made = twinlock(
      {"admin", "client", "create", "ci", "--scope", "read:users,read:logs", "--public-key", file});
  EXPECT_EQ(made.status, 0);
  EXPECT_EQ(made.out, "client_id      abcdefghijklmnopqrstuvwxyz012345\n");
  EXPECT_THAT(calls(), ElementsAre("CreateApiClient ci [read:users read:logs] [] []  27 86400"));
  const auto missing = twinlock(
      {"admin", "client", "create", "ci", "--scope", "full", "--public-key", "/no/such/key"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("/no/such/key"));
}

TEST_F(AdminTest, ClientsAreListed) {
  Script script;
  script.clients = {
      R"({"client_id": "abc", "name": "terraform", "scopes": ["a", "b"], "networks": [],
                        "groups": ["staff"], "users": "web-*", "last_token": null})"};
  start(script);
  EXPECT_EQ(twinlock({"admin", "client"}).out,
            "ID   NAME       MAY       FROM      USERS         LAST TOKEN\n"
            "abc  terraform  2 scopes  anywhere  web-* @staff  never\n");
  EXPECT_EQ(json::parse(twinlock({"admin", "client", "list", "--json"}).out)[0]["client_id"],
            "abc");
}

TEST_F(AdminTest, AClientIsRotatedAndDeletedByWhoSaysSo) {
  start();
  EXPECT_EQ(twinlock({"admin", "client", "rotate", "abc", "--json"}).status, 2) << "needs --yes";
  EXPECT_EQ(twinlock({"admin", "client", "delete", "abc"}).status, 2);
  EXPECT_THAT(calls(), ElementsAre());
  EXPECT_EQ(json::parse(twinlock({"admin", "client", "rotate", "abc", "--yes", "--json"}).out),
            (json{{"client_id", "abc"}, {"client_secret", "tls_secret"}}));
  EXPECT_EQ(twinlock({"admin", "client", "delete", "abc", "--yes"}).out, "abc is deleted.\n");
  EXPECT_THAT(
      calls(),
      ElementsAre(
          "ListApiClients", "RotateApiClient abc", "ListApiClients", "DeleteApiClient abc"));
}

TEST_F(AdminTest, AClientIsCalledByItsNameToo) {
  Script script;
  script.clients = {R"({"client_id":"abc","name":"terraform"})",
                    R"({"client_id":"terraform2","name":"other"})"};
  start(script);
  EXPECT_EQ(
      json::parse(twinlock({"admin", "client", "rotate", "terraform", "--yes", "--json"}).out),
      (json{{"client_id", "abc"}, {"client_secret", "tls_secret"}}));
  EXPECT_EQ(twinlock({"admin", "client", "delete", "terraform2", "--yes"}).status, 0);
  EXPECT_THAT(
      calls(),
      ElementsAre(
          "ListApiClients", "RotateApiClient abc", "ListApiClients", "DeleteApiClient terraform2"));
}

TEST_F(AdminTest, AnEmptyBoundOfAClientIsNone) {  // S64: of a variable that wasn't set
  start();
  for (const auto* option : {"--network", "--group", "--users"}) {
    const auto refused =
        twinlock({"admin", "client", "create", "x", "--scope", "full", option, ""});
    EXPECT_EQ(refused.status, 2) << option;
    EXPECT_THAT(refused.err, HasSubstr("is empty; leave the option out")) << option;
  }
  EXPECT_THAT(calls(), ElementsAre());
}

TEST_F(AdminTest, ThePolicyIsShownAndSet) {
  start();
  EXPECT_EQ(twinlock({"admin", "policy"}).out, "all-applications\n");
  EXPECT_EQ(twinlock({"admin", "policy", "show", "--json"}).out,
            "{\"policy\":\"all-applications\"}\n");
  EXPECT_EQ(twinlock({"admin", "policy", "set", "none"}).status, 0);
  EXPECT_EQ(twinlock({"admin", "policy", "set", "some"}).status, 2);
  EXPECT_THAT(calls(), ElementsAre("Policy", "Policy", "Policy", "SetPolicy none"));
}

TEST_F(AdminTest, WhatIsSoAlreadyIsSaidAndNotChanged) {
  start_with_a_phone();
  EXPECT_THAT(twinlock({"admin", "policy", "set", "all-applications"}).out, HasSubstr("already"));
  EXPECT_THAT(twinlock({"admin", "factor", "enable", "otp"}).out, HasSubstr("already"));
  EXPECT_THAT(twinlock({"admin", "factor", "disable", "recovery-code"}).out, HasSubstr("already"));
  EXPECT_THAT(twinlock({"rename", "01A", "Phone", "--user", "bob"}).out, HasSubstr("already"));
  EXPECT_THAT(calls(), ElementsAre("Policy", "Factors", "Factors", "Factors", "ListMethods bob"));
}

TEST_F(AdminTest, FactorsAreListedAndSwitched) {
  start();
  EXPECT_EQ(twinlock({"admin", "factor"}).out,
            "FACTOR         STATE\n"
            "otp            enabled\n"
            "recovery-code  disabled\n");
  EXPECT_EQ(json::parse(twinlock({"admin", "factor", "list", "--json"}).out)[0],
            (json{{"name", "otp"}, {"enabled", true}}));
  EXPECT_EQ(twinlock({"admin", "factor", "disable", "otp"}).status, 0);
  EXPECT_THAT(twinlock({"admin", "factor", "disable", "recovery-code"}).out,
              HasSubstr("still let them in"));
  EXPECT_EQ(twinlock({"admin", "factor", "enable", "recovery-code"}).status, 0);
  EXPECT_THAT(calls(),
              ElementsAre("Factors",
                          "Factors",
                          "Factors",
                          "SetFactor otp 0",
                          "Factors",
                          "Factors",
                          "SetFactor recovery-code 1"));
}

TEST_F(AdminTest, TheLogIsOneAlignedLineARecord) {
  start_with_records({kGranted, kPolicySet});
  const auto finished = twinlock({"admin", "log"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.out,
            "2026-01-31T12:00:00.123Z login.granted          alice        sshd     "
            "203.0.113.7     totp          granted  totp\n"
            "2026-01-31T12:00:01.000Z policy.set             -            -        "
            "-               -             done     x[2J               by root\n");
}

TEST_F(AdminTest, TheLogAsJsonIsTheRecordsALineEach) {
  start_with_records({kGranted, kPolicySet});
  const auto finished = twinlock({"admin", "log", "--json", "--limit", "1", "--user", "bob"});
  EXPECT_EQ(json::parse(finished.out), json::parse(kPolicySet));
  EXPECT_THAT(calls(), ElementsAre("ReadLog newest 1 bob"));
}

TEST_F(AdminTest, FollowShowsWhatIsWrittenLaterUntilCtrlC) {
  start_with_records({kGranted});
  TerminalRun terminal(on_bus({"admin", "log", "--follow"}));
  terminal.expect("login.granted");
  daemon_->append_record(kPolicySet);
  terminal.expect("policy.set");
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), -SIGINT);
  EXPECT_THAT(terminal.screen().substr(terminal.screen().find("policy.set")),
              Not(HasSubstr("login.granted")));
}

std::size_t occurrences(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(AdminTest, FollowWaitsForADaemonThatRestartsAndShowsEachRecordOnce) {
  const std::string third = R"({"seq":3,"time":"2026-01-31T12:00:02.000Z","event":"user.reset"})";
  start_with_records({kGranted});
  TerminalRun terminal(on_bus({"admin", "log", "--follow"}));
  lose_the_daemon(terminal);
  start_with_records({kGranted, kPolicySet});  // as the daemon ended
  terminal.expect("policy.set");
  daemon_.reset();
  terminal.expect("twinlockd is away");  // said again: it had been back
  start_with_records({kGranted, kPolicySet, third});
  terminal.expect("user.reset");
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), -SIGINT);
  for (const auto* event : {"login.granted", "policy.set", "user.reset"}) {
    EXPECT_EQ(occurrences(terminal.screen(), event), 1U) << event;
  }
  EXPECT_EQ(occurrences(terminal.screen(), "away"), 2U) << terminal.screen();
}

TEST_F(AdminTest, FollowEndsWhenTheDaemonRefuses) {
  start_with_records({kGranted});
  TerminalRun terminal(on_bus({"admin", "log", "--follow"}));
  lose_the_daemon(terminal);
  Script script;
  script.error = {"org.twinlock.Error.Forbidden", "not for you"};
  start(script);
  EXPECT_EQ(terminal.wait(), 4);
  EXPECT_THAT(terminal.screen(), HasSubstr("not for you"));
}

TEST_F(AdminTest, FollowEndsWhenTheBusGoes) {
  auto bus = std::make_unique<PrivateBus>();
  Script script;
  script.records = {kGranted};
  auto daemon = std::make_unique<ScriptedDaemon>(bus->address(), script);
  TerminalRun terminal({"--bus", bus->address(), "admin", "log", "--follow"});
  terminal.expect("login.granted");
  daemon.reset();
  bus.reset();
  EXPECT_EQ(terminal.wait(), 3);
}

TEST_F(AdminTest, FollowWithoutADaemonToBeginWithSaysHowToStartIt) {
  const auto finished = twinlock({"admin", "log", "--follow"});
  EXPECT_EQ(finished.status, 3);
  EXPECT_THAT(finished.err, HasSubstr("systemctl start twinlockd"));
}

TEST_F(AdminTest, OnATerminalTheLogHasAHeadingAndFits) {
  start_with_records({kGranted});
  TerminalRun terminal(on_bus({"admin", "log"}));
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_EQ(terminal.screen(),
            "TIME     EVENT               USER     SERVICE  SOURCE          REASON\r\n"
            "2026-01-31 (UTC)\r\n"
            "12:00:00 login.granted       alice    sshd     203.0.113.7     totp\r\n");
}

TEST_F(AdminTest, WithoutAnyUserItSaysSo) {
  Script script;
  script.users = {};
  start(script);
  const auto finished = twinlock({"admin", "user", "list"});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, HasSubstr("No account has enrolled"));
  EXPECT_EQ(twinlock({"admin", "user", "list", "--json"}).out, "[]\n");
}

TEST_F(AdminTest, AUserWithoutMethodsIsShownInWords) {
  start();
  EXPECT_THAT(twinlock({"admin", "user", "show", "alice"}).out,
              HasSubstr("\nNo authentication methods.\n"));
}

TEST_F(AdminTest, ALogThatDoesNotVerifyIsARefusal) {  // S127
  Script script;
  start(script);
  EXPECT_EQ(twinlock({"admin", "log", "verify"}).out, "7 records, chain intact.\n");
  daemon_.reset();
  script.finding = "record 3 was changed";
  start(script);
  const auto finished = twinlock({"admin", "log", "verify", "--json"});
  EXPECT_EQ(finished.status, 1);
  EXPECT_EQ(json::parse(finished.out),
            (json{{"records", 7}, {"intact", false}, {"finding", "record 3 was changed"}}));
}

TEST_F(AdminTest, TheDaemonsStatusIsShown) {
  start();
  EXPECT_EQ(twinlock({"admin", "status"}).out,
            "version     0.1.0\n"
            "policy      none\n"
            "audit head  record 17, MAC 3fa9\n");
  const auto object = json::parse(twinlock({"admin", "status", "--json"}).out);
  EXPECT_EQ(object["audit_head"]["seq"], 17);
}

}  // namespace
}  // namespace twinlock::client
