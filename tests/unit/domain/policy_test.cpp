// SPDX-License-Identifier: MIT
#include "daemon/domain/policy.h"

#include <gmock/gmock.h>

#include <random>

namespace twinlock {
namespace {

using Action = PolicyRule::Action;
using Demand = PolicyDecision::Demand;

const Account kAlice{"alice", 1000};
const Account kRoot{"root", 0};
const Account kSecondRoot{"toor", 0};

Network network(std::string_view text) {
  const auto parsed = Network::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : Network{};
}

PolicyRule rule(Action action) {
  PolicyRule made;
  made.name = action == Action::Exempt ? "exempting" : "requiring";
  made.action = action;
  return made;
}

PolicySubject subject(const Account& account = kAlice) {
  return {account, "sshd", "192.0.2.7", std::vector<std::string>{"staff"}};
}

Demand demand(const std::vector<PolicyRule>& rules,
              const PolicySubject& who,
              LoginPolicy policy = LoginPolicy::AllApplications) {
  return evaluate_policy(policy, rules, who).demand;
}

TEST(PolicyTest, WithoutRulesThePolicyDecides) {
  EXPECT_EQ(demand({}, subject()), Demand::Factor);
  EXPECT_EQ(demand({}, subject(), LoginPolicy::None), Demand::Exempt);
}

TEST(PolicyTest, RootStaysCoveredWhenThePolicyIsOff) {  // S48
  EXPECT_EQ(demand({}, subject(kRoot), LoginPolicy::None), Demand::Factor);
  EXPECT_EQ(demand({}, subject(kSecondRoot), LoginPolicy::None), Demand::Factor);
}

TEST(PolicyTest, RootIsExemptedOnlyByARuleThatNamesIt) {  // S37, S48
  auto by_service = rule(Action::Exempt);
  by_service.services = {"sshd"};
  EXPECT_EQ(demand({by_service}, subject(kRoot)), Demand::Factor);
  EXPECT_EQ(demand({by_service}, subject(kAlice)), Demand::Exempt);

  auto by_name = rule(Action::Exempt);
  by_name.users = {"root"};
  EXPECT_EQ(demand({by_name}, subject(kRoot)), Demand::Exempt);
  EXPECT_EQ(demand({by_name}, subject(kSecondRoot)), Demand::Factor);
}

TEST(PolicyTest, TheFirstRuleThatMatchesWins) {
  auto exempting = rule(Action::Exempt);
  exempting.users = {"alice"};
  auto requiring = rule(Action::Require);
  requiring.services = {"sshd"};
  EXPECT_EQ(demand({exempting, requiring}, subject()), Demand::Exempt);
  EXPECT_EQ(demand({requiring, exempting}, subject()), Demand::Factor);
}

TEST(PolicyTest, EveryListOfARuleHasToMatch) {
  auto exempting = rule(Action::Exempt);
  exempting.users = {"alice"};
  exempting.services = {"sshd"};
  exempting.groups = {"staff"};
  exempting.networks = {network("192.0.2.0/24")};
  EXPECT_EQ(demand({exempting}, subject()), Demand::Exempt);

  auto elsewhere = subject();
  elsewhere.source = "198.51.100.1";
  EXPECT_EQ(demand({exempting}, elsewhere), Demand::Factor);
  auto another_service = subject();
  another_service.service = "sudo";
  EXPECT_EQ(demand({exempting}, another_service), Demand::Factor);
  auto another_group = subject();
  another_group.groups = {{"students"}};
  EXPECT_EQ(demand({exempting}, another_group), Demand::Factor);
}

TEST(PolicyTest, AnExemptionSaysWhichRuleItCameFrom) {  // S48
  auto exempting = rule(Action::Exempt);
  exempting.users = {"alice"};
  EXPECT_EQ(evaluate_policy(LoginPolicy::AllApplications, {exempting}, subject()).rule,
            "exempting");
  EXPECT_EQ(evaluate_policy(LoginPolicy::None, {}, subject()).rule, kPolicyNone);
}

TEST(PolicyTest, GroupsThatCannotBeReadMatchWhatRequiresAndNothingThatExempts) {  // S48
  auto unread = subject();
  unread.groups.reset();
  auto exempting = rule(Action::Exempt);
  exempting.groups = {"staff"};
  EXPECT_EQ(demand({exempting}, unread), Demand::Factor);
  auto requiring = rule(Action::Require);
  requiring.groups = {"admins"};
  EXPECT_EQ(demand({requiring}, unread, LoginPolicy::None), Demand::Factor);
  EXPECT_EQ(demand({requiring}, subject(), LoginPolicy::None), Demand::Exempt);
}

class UnknownSourceTest : public testing::TestWithParam<std::string_view> {};

TEST_P(UnknownSourceTest, ExemptsNobodyAndIsRequiredOf) {  // S48, S50
  auto nowhere = subject();
  nowhere.source = GetParam();
  auto exempting = rule(Action::Exempt);
  exempting.services = {"sshd"};
  exempting.networks = {network("192.0.2.0/24")};
  EXPECT_EQ(demand({exempting}, nowhere), Demand::Factor);
  auto requiring = rule(Action::Require);
  requiring.networks = {network("198.51.100.0/24")};
  EXPECT_EQ(demand({requiring}, nowhere, LoginPolicy::None), Demand::Factor);
}

INSTANTIATE_TEST_SUITE_P(NoLiteral,
                         UnknownSourceTest,
                         testing::Values("", "localhost", "192.0.2", "192.0.2.7 ", "0xC0000207"));

// Draws policies and logins. The generator is fixed, so that a failure can be looked at again.
class Generator {
 public:
  PolicyRule any_rule() {
    PolicyRule made = rule(chance() ? Action::Exempt : Action::Require);
    if (chance()) made.services = {pick({"sshd", "sudo"})};
    if (chance()) made.users = {pick({"alice", "root", "bob"})};
    if (chance()) made.groups = {pick({"staff", "admins", "students"})};
    if (chance()) made.networks = {network(pick({"192.0.2.0/24", "2001:db8::/32"}))};
    return made;
  }
  std::vector<PolicyRule> any_rules() {
    std::vector<PolicyRule> rules(draw(5));
    for (auto& made : rules) made = any_rule();
    return rules;
  }
  PolicySubject any_subject() {
    std::vector<std::string> groups;
    for (const char* group : {"staff", "admins", "students"}) {
      if (chance()) groups.emplace_back(group);
    }
    return {chance() ? kAlice : kRoot,
            chance() ? "sshd" : "sudo",
            chance() ? "192.0.2.7" : "2001:db8::1",
            std::move(groups)};
  }
  LoginPolicy any_policy() {
    if (chance()) return LoginPolicy::None;
    return chance() ? LoginPolicy::AllApplications : LoginPolicy::ConfidenceScore;
  }

 private:
  std::size_t draw(std::size_t below) { return engine_() % below; }
  bool chance() { return draw(2) == 0; }
  std::string pick(std::vector<std::string> words) { return words[draw(words.size())]; }

  std::mt19937 engine_{20260101};
};

TEST(PolicyPropertyTest, RemovingInformationNeverLoosensTheDecision) {  // S48
  Generator generator;
  int exemptions = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto rules = generator.any_rules();
    const auto policy = generator.any_policy();
    const auto known = generator.any_subject();
    const auto full = demand(rules, known, policy);
    exemptions += full == Demand::Exempt ? 1 : 0;
    auto without_groups = known;
    without_groups.groups.reset();
    auto without_source = known;
    without_source.source = "";
    auto without_both = without_groups;
    without_both.source = "";
    for (const auto& less : {without_groups, without_source, without_both}) {
      if (demand(rules, less, policy) == Demand::Exempt) {
        ASSERT_EQ(full, Demand::Exempt) << "case " << i;
      }
    }
  }
  EXPECT_GT(exemptions, 1000);  // else the property would hold of nothing
}

TEST(PolicyPropertyTest, EveryExemptionHasAName) {  // S48
  Generator generator;
  for (int i = 0; i < 5'000; ++i) {
    const auto decision =
        evaluate_policy(generator.any_policy(), generator.any_rules(), generator.any_subject());
    if (decision.demand == Demand::Exempt) {
      ASSERT_NE(decision.rule, "") << "case " << i;
    }
  }
}

TEST(RuleProblemTest, ARuleNeedsAName) {
  auto nameless = rule(Action::Require);
  nameless.name.clear();
  EXPECT_TRUE(rule_problem(nameless));
  EXPECT_FALSE(rule_problem(rule(Action::Require)));
}

TEST(RuleProblemTest, NoRuleExemptsEverybodyEverywhere) {
  EXPECT_TRUE(rule_problem(rule(Action::Exempt)));
}

TEST(RuleProblemTest, AnExemptionByNetworkNamesItsServices) {  // S50
  auto by_network = rule(Action::Exempt);
  by_network.networks = {network("192.0.2.0/24")};
  by_network.users = {"alice"};
  EXPECT_TRUE(rule_problem(by_network));
  by_network.services = {"sshd"};
  EXPECT_FALSE(rule_problem(by_network));
}

TEST(RuleProblemTest, ARequirementByNetworkNeedsNoService) {
  auto by_network = rule(Action::Require);
  by_network.networks = {network("192.0.2.0/24")};
  EXPECT_FALSE(rule_problem(by_network));
}

struct Membership {
  const char* network;
  const char* address;
  bool inside;
};

class NetworkTest : public testing::TestWithParam<Membership> {};

TEST_P(NetworkTest, ContainsWhatItShould) {
  const auto address = parse_address(GetParam().address);
  ASSERT_TRUE(address);
  EXPECT_EQ(network(GetParam().network).contains(*address), GetParam().inside)
      << GetParam().network << ' ' << GetParam().address;
}

INSTANTIATE_TEST_SUITE_P(Members,
                         NetworkTest,
                         testing::Values(Membership{"192.0.2.0/24", "192.0.2.0", true},
                                         Membership{"192.0.2.0/24", "192.0.2.255", true},
                                         Membership{"192.0.2.0/24", "192.0.3.0", false},
                                         Membership{"192.0.2.0/24", "::ffff:192.0.2.9", true},
                                         Membership{"192.0.2.0/24", "::192.0.2.9", false},
                                         Membership{"192.0.2.4/31", "192.0.2.5", true},
                                         Membership{"192.0.2.4/31", "192.0.2.6", false},
                                         Membership{"192.0.2.4", "192.0.2.4", true},
                                         Membership{"192.0.2.4", "192.0.2.5", false},
                                         Membership{"128.0.0.0/1", "192.0.2.5", true},
                                         Membership{"128.0.0.0/1", "127.0.0.1", false},
                                         Membership{"128.0.0.0/1", "ff02::1", false},
                                         Membership{"2001:db8::/32", "2001:db8:ffff::1", true},
                                         Membership{"2001:db8::/32", "2001:db9::", false},
                                         Membership{"2001:db8::/32", "192.0.2.1", false},
                                         Membership{"::1", "::1", true},
                                         Membership{"::ffff:192.0.2.0/120", "192.0.2.77", true}));

class BadNetworkTest : public testing::TestWithParam<std::string> {};

TEST_P(BadNetworkTest, IsRefusedWithAReason) {  // S50
  const auto parsed = Network::parse(GetParam());
  ASSERT_FALSE(parsed) << GetParam();
  EXPECT_EQ(parsed.error().code, ErrorCode::InvalidInput);
  EXPECT_NE(parsed.error().detail, "");
}

INSTANTIATE_TEST_SUITE_P(Refused,
                         BadNetworkTest,
                         testing::Values("",
                                         "/",
                                         "/24",
                                         "localhost",
                                         "192.0.2.0/",
                                         "192.0.2.0/33",
                                         "192.0.2.0/-1",
                                         "192.0.2.0/+24",
                                         "192.0.2.0/ 24",
                                         "192.0.2.0/24 ",
                                         "192.0.2.0/24/24",
                                         "192.0.2.0/0x18",
                                         "192.0.2.0/255.255.255.0",
                                         "192.0.2.0/99999999999",
                                         "192.0.2/24",
                                         "192.0.2.1/24",
                                         "192.0.2.01/32",
                                         "2001:db8::1/32",
                                         "2001:db8::/129",
                                         "fe80::1%eth0",
                                         "0.0.0.0/0",
                                         "10.0.0.0/0",
                                         "::/0",
                                         "::/64",
                                         "::ffff:0:0/96",
                                         std::string("192.0.2.0\0/24", 13),
                                         std::string(300, '1')));

class RuleSetTest : public testing::Test {
 protected:
  // A rule that exempts from these networks, for sshd.
  static PolicyRule exempting(const std::vector<const char*>& networks) {
    PolicyRule made = rule(Action::Exempt);
    made.services = {"sshd"};
    for (const char* text : networks) made.networks.push_back(network(text));
    return made;
  }
  static bool is_refused(const std::vector<PolicyRule>& rules) {
    return rule_set_problem(rules).has_value();
  }
};

// Each network of the first lists is one that a rule may have.
TEST_F(RuleSetTest, NetworksThatAddUpToEveryAddressAreRefused) {  // S50
  EXPECT_TRUE(is_refused({exempting({"0.0.0.0/1", "128.0.0.0/1"})}));
  EXPECT_TRUE(is_refused({exempting({"192.0.0.0/2", "0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2"})}));
  EXPECT_TRUE(is_refused({exempting({"0.0.0.0/1", "10.0.0.0/8", "::ffff:128.0.0.0/97"})}));
  EXPECT_TRUE(is_refused({exempting({"2000::/3"})}));
  EXPECT_TRUE(is_refused({exempting({"2000::/4", "3000::/4"})}));
}

TEST_F(RuleSetTest, NetworksThatLeaveAnAddressOutAreAccepted) {
  EXPECT_FALSE(is_refused({exempting({"0.0.0.0/1", "128.0.0.0/2"})}));
  EXPECT_FALSE(is_refused({exempting({"0.0.0.0/1", "2000::/4", "8000::/1"})}));
  auto all_but_one = exempting({});
  // 0.0.0.0 is left out of what the prefixes halve.
  for (unsigned bit = 0; bit < 32; ++bit) {
    Network half{*parse_address("0.0.0.0"), static_cast<int>(97 + bit)};
    half.address[12 + bit / 8] = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    all_but_one.networks.push_back(half);
  }
  EXPECT_FALSE(is_refused({all_but_one}));
  all_but_one.networks.push_back(network("0.0.0.0"));
  EXPECT_TRUE(is_refused({all_but_one}));
}

TEST_F(RuleSetTest, SeveralRulesForTheSamePeopleCountTogether) {  // S50
  auto low = exempting({"0.0.0.0/1"});
  auto high = exempting({"128.0.0.0/1"});
  const auto found = rule_set_problem({low, high});
  ASSERT_TRUE(found);
  EXPECT_NE(found->text.find("IPv4"), std::string::npos) << found->text;
  low.users = {"alice", "bob"};
  EXPECT_TRUE(is_refused({low, high})) << "alice and bob need a factor nowhere";
  EXPECT_TRUE(is_refused({high, low}));
  high.users = {"bob"};
  EXPECT_TRUE(is_refused({low, high})) << "bob needs a factor nowhere";
}

TEST_F(RuleSetTest, RulesForOtherPeopleOrServicesOrThatRequireDoNot) {
  auto low = exempting({"0.0.0.0/1"});
  auto high = exempting({"128.0.0.0/1"});
  low.users = {"alice"};
  high.users = {"bob"};
  EXPECT_FALSE(is_refused({low, high}));
  low.users = high.users;
  high.services = {"sudo"};
  EXPECT_FALSE(is_refused({low, high}));
  high.services = low.services;
  high.groups = {"staff"};
  low.groups = {"guests"};
  EXPECT_FALSE(is_refused({low, high}));
  high.groups = low.groups;
  EXPECT_TRUE(is_refused({low, high}));
  low.action = high.action = Action::Require;
  EXPECT_FALSE(is_refused({low, high}));
}

TEST(LoginPolicyTest, NamesReadBack) {
  for (const auto policy : {LoginPolicy::None, LoginPolicy::AllApplications}) {
    EXPECT_EQ(login_policy_named(login_policy_name(policy)), policy);
  }
  EXPECT_FALSE(login_policy_named(""));
  EXPECT_FALSE(login_policy_named("None"));
}

}  // namespace
}  // namespace twinlock
