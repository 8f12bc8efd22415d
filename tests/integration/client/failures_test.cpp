// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "tests/integration/client/fixture.h"

namespace twinlock::client {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

using FailuresTest = ClientTest;

TEST_F(FailuresTest, WithoutADaemonItSaysHowToStartIt) {
  const auto finished = twinlock({"list"});
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(finished.err,
            "twinlock: twinlockd is not running on this machine: systemctl start twinlockd\n");
}

TEST_F(FailuresTest, WithoutABusItSaysSo) {
  const auto finished = run({"--bus", "unix:path=/nonexistent", "list"});
  EXPECT_EQ(finished.status, 3);
  EXPECT_THAT(finished.err, HasSubstr("unix:path=/nonexistent"));
}

TEST_F(FailuresTest, AWrongAddressOfABusIsNamedAsTheReason) {
  for (const auto* address : {"nonsense", "unix:nothing=here", "unix:path=/nonexistent"}) {
    const auto finished = run({"--bus", address, "list"});
    EXPECT_EQ(finished.status, 3);
    EXPECT_THAT(finished.err, HasSubstr("the address that --bus gives, " + std::string(address)));
    EXPECT_THAT(finished.err, Not(HasSubstr("systemctl"))) << "the system's bus is not at fault";
  }
}

TEST_F(FailuresTest, EachErrorOfTheDaemonHasItsExitStatusAndItsWord) {
  const std::vector<std::tuple<std::string, int, std::string>> table{
      {"InvalidInput", 2, "invalid-input"},
      {"Unavailable", 3, "unavailable"},
      {"Forbidden", 4, "forbidden"},
      {"NotFound", 5, "not-found"},
      {"Conflict", 5, "conflict"},
      {"LimitExceeded", 5, "limit-exceeded"},
      {"Internal", 6, "internal"}};
  for (const auto& [name, status, word] : table) {
    Script script;
    script.error = {"org.twinlock.Error." + name, "what the daemon says"};
    start(script);
    for (const Arguments& command : {Arguments{"list"},
                                     Arguments{"enroll", "totp"},
                                     Arguments{"remove", "01A"},
                                     Arguments{"test"},
                                     Arguments{"recovery-codes"},
                                     Arguments{"admin", "log"},
                                     Arguments{"admin", "user", "unlock", "bob"}}) {
      auto with_json = command;
      with_json.emplace_back("--json");
      const auto finished = twinlock(with_json);
      EXPECT_EQ(finished.status, status) << name << ' ' << command[0];
      EXPECT_EQ(json::parse(finished.err)["error"], word) << name << ' ' << command[0];
      EXPECT_EQ(finished.out, "");
    }
    daemon_.reset();
  }
}

TEST_F(FailuresTest, UsageIsStatusTwoInTheFormAskedFor) {
  const std::vector<Arguments> wrong{{},
                                     {"frobnicate"},
                                     {"list", "--frobnicate"},
                                     {"remove"},
                                     {"admin"},
                                     {"admin", "user"},
                                     {"admin", "log", "--limit", "0"},
                                     {"admin", "log", "--limit", "-1"},
                                     {"admin", "log", "--limit", "many"},
                                     {"admin", "log", "--limit", "1001"}};
  for (auto arguments : wrong) {
    EXPECT_EQ(run(arguments).status, 2) << testing::PrintToString(arguments);
    arguments.emplace_back("--json");
    const auto finished = run(arguments);
    EXPECT_EQ(finished.status, 2);
    EXPECT_EQ(json::parse(finished.err)["error"], "usage");
  }
}

TEST_F(FailuresTest, AnUnknownCommandIsNamedWithTheOnesThereAre) {
  EXPECT_EQ(run({"bogus"}).err,
            "twinlock: No command \"bogus\" in twinlock; there are: enroll, list, remove, rename, "
            "recovery-codes, test, status, admin. See twinlock --help.\n");
  EXPECT_EQ(run({"admin", "bogus", "--json"}).err,
            "{\"error\":\"usage\",\"message\":\"No command \\\"bogus\\\" in twinlock admin; there "
            "are: user, policy, factor, client, log, status. See twinlock admin --help.\"}\n");
  EXPECT_EQ(run({"admin", "factor", "bogus"}).err,
            "twinlock: No command \"bogus\" in twinlock admin factor; there are: list, enable, "
            "disable. See twinlock admin factor --help.\n");
  EXPECT_EQ(run({"enroll"}).err,
            "twinlock: twinlock enroll needs a command: totp, hotp. See twinlock enroll --help.\n");
  EXPECT_EQ(run({"list", "\x1b[2J"}).err,
            "twinlock: Not expected here: \"\\x1b[2J\". See twinlock list --help.\n");
  EXPECT_EQ(run({"admin", "log", "--limit", "0"}).err,
            "twinlock: --limit: found \"0\"; allowed: a number from 1 to 1000. See twinlock admin "
            "log --help.\n");
  EXPECT_THAT(run({"--bus"}).err, HasSubstr("--bus: 1 required ADDRESS missing"));
}

TEST_F(FailuresTest, HelpAndVersionNeedNoDaemon) {
  EXPECT_EQ(run({"--help"}).status, 0);
  EXPECT_EQ(run({"admin", "log", "--help"}).status, 0);
  for (const Arguments& command :
       {Arguments{"list"}, Arguments{"enroll", "totp"}, Arguments{"remove"}, Arguments{"admin"}}) {
    auto with_json = command;
    with_json.insert(with_json.end(), {"--json", "--help"});
    const auto help = run(with_json);
    EXPECT_EQ(help.status, 0) << help.err;
    EXPECT_THAT(help.out, HasSubstr("Usage: twinlock " + command.front()));
    EXPECT_THAT(help.out, HasSubstr("With every command: --json and --bus ADDRESS"));
  }
  EXPECT_THAT(run({"--version"}).out, testing::MatchesRegex("twinlock [0-9.]+\n"));
}

TEST_F(FailuresTest, AResultThatCannotBeWrittenIsNoSuccess) {
  start();
  const auto command = "exec 1>/dev/full; " + std::string(TWINLOCK_COMMAND) + " --bus '" +
                       bus_.address() + "' status 2>/dev/null";
  // NOLINTNEXTLINE(cert-env33-c): the shell redirects, as it does for a person
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 3);
}

}  // namespace
}  // namespace twinlock::client
