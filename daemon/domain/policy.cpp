// SPDX-License-Identifier: MIT
#include "daemon/domain/policy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace twinlock {
namespace {

constexpr int kMappedBits = 96;  // ::ffff:0:0/96 holds the IPv4 addresses
constexpr std::size_t kLongestLiteral = 45;

template <typename List, typename Value>
bool holds(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// What a list says about this login. An empty list says nothing against it.
enum class Match { No, Yes, CannotTell };

Match match_groups(const PolicyRule& rule, const PolicySubject& subject) {
  if (rule.groups.empty()) return Match::Yes;
  if (!subject.groups) return Match::CannotTell;
  const auto& mine = *subject.groups;
  const bool shared = std::any_of(mine.begin(), mine.end(), [&rule](const std::string& group) {
    return holds(rule.groups, group);
  });
  return shared ? Match::Yes : Match::No;
}

Match match_networks(const PolicyRule& rule, const PolicySubject& subject) {
  if (rule.networks.empty()) return Match::Yes;
  const auto address = parse_address(subject.source);
  if (!address) return Match::CannotTell;
  const bool inside = std::any_of(rule.networks.begin(),
                                  rule.networks.end(),
                                  [&address](const Network& n) { return n.contains(*address); });
  return inside ? Match::Yes : Match::No;
}

bool applies(const PolicyRule& rule, const PolicySubject& subject) {
  if (!rule.services.empty() && !holds(rule.services, subject.service)) return false;
  if (!rule.users.empty() && !holds(rule.users, subject.account.name)) return false;
  // What can't be read counts as the stricter branch (S48): it matches what requires a factor and
  // never what exempts from one.
  const Match unknown_as = rule.action == PolicyRule::Action::Require ? Match::Yes : Match::No;
  const std::array matches{match_groups(rule, subject), match_networks(rule, subject)};
  return std::all_of(matches.begin(), matches.end(), [unknown_as](Match match) {
    return (match == Match::CannotTell ? unknown_as : match) == Match::Yes;
  });
}

// One half of a network: the upper one has the first bit behind the prefix set.
Network half_of(Network network, bool upper) {
  const auto bit = static_cast<std::size_t>(network.prefix++);
  if (upper) network.address[bit / 8] |= static_cast<std::uint8_t>(0x80U >> (bit % 8));
  return network;
}

// Whether each address of `block` lies in one of the networks.
bool is_covered(const Network& block, const std::vector<Network>& networks) {
  std::vector<Network> inside;
  for (const auto& network : networks) {
    if (network.prefix <= block.prefix && network.contains(block.address)) return true;
    if (network.prefix > block.prefix && block.contains(network.address)) inside.push_back(network);
  }
  return !inside.empty() && is_covered(half_of(block, false), inside) &&
         is_covered(half_of(block, true), inside);
}

// Whether `list` says yes to whatever `narrower` does.
bool admits(const std::vector<std::string>& list, const std::vector<std::string>& narrower) {
  if (list.empty()) return true;
  return !narrower.empty() && std::all_of(narrower.begin(),
                                          narrower.end(),
                                          [&list](const auto& name) { return holds(list, name); });
}

// From where the people of `rule` needn't give a factor for this service.
std::vector<Network> exempt_networks(const std::vector<PolicyRule>& rules,
                                     const PolicyRule& rule,
                                     const std::string& service) {
  std::vector<Network> all;
  for (const auto& other : rules) {
    const bool counts = other.action == PolicyRule::Action::Exempt &&
                        holds(other.services, service) && admits(other.users, rule.users) &&
                        admits(other.groups, rule.groups);
    if (counts) all.insert(all.end(), other.networks.begin(), other.networks.end());
  }
  return all;
}

// What the networks are all of, if they are.
const char* everything_in(const std::vector<Network>& networks) {
  constexpr int kGlobalBits = 3;  // 2000::/3
  if (is_covered({*parse_address("0.0.0.0"), kMappedBits}, networks)) return "IPv4 address";
  if (is_covered({*parse_address("2000::"), kGlobalBits}, networks)) return "global IPv6 address";
  return nullptr;
}

Error unless(std::string allowed) { return {ErrorCode::InvalidInput, std::move(allowed)}; }

}  // namespace

std::string_view login_policy_name(LoginPolicy policy) {
  switch (policy) {
    case LoginPolicy::None:
      return "none";
    case LoginPolicy::AllApplications:
      return "all-applications";
    case LoginPolicy::ConfidenceScore:
      return "confidence-score";
  }
  return "";
}

std::optional<LoginPolicy> login_policy_named(std::string_view name) {
  for (const auto policy :
       {LoginPolicy::None, LoginPolicy::AllApplications, LoginPolicy::ConfidenceScore}) {
    if (login_policy_name(policy) == name) return policy;
  }
  return std::nullopt;
}

std::optional<std::array<std::uint8_t, 16>> parse_address(std::string_view text) {
  if (text.empty() || text.size() > kLongestLiteral) return std::nullopt;
  const std::string literal(text);
  if (literal.find('\0') != std::string::npos) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, literal.c_str(), bytes.data()) == 1) return bytes;
  bytes = {};
  bytes[10] = bytes[11] = 0xFF;
  if (inet_pton(AF_INET, literal.c_str(), &bytes[12]) == 1) return bytes;
  return std::nullopt;
}

Result<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto literal = text.substr(0, slash);
  const auto address = parse_address(literal);
  if (!address) return unless("an IPv4 or IPv6 network, as in 192.0.2.0/24 or 2001:db8::/32");

  const bool is_v4 = literal.find(':') == std::string_view::npos;
  const int longest = is_v4 ? 32 : 128;
  Network network{*address, longest};
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), network.prefix);
    if (failure != std::errc() || end != digits.data() + digits.size() || network.prefix < 0 ||
        network.prefix > longest) {
      return unless("a number from 1 to " + std::to_string(longest) + " after the '/'");
    }
  }
  if (network.prefix == 0) return unless("a network that does not contain every address");
  if (is_v4) network.prefix += kMappedBits;
  if (!is_v4 && network.prefix <= kMappedBits && network.contains(*parse_address("0.0.0.0"))) {
    return unless("a network that does not contain every IPv4 address");
  }
  for (int bit = network.prefix; bit < 128; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    if ((network.address[byte] & (0x80U >> static_cast<unsigned>(bit % 8))) != 0) {
      return unless("an address without bits beyond the prefix, as in 192.0.2.0/24");
    }
  }
  return network;
}

bool Network::contains(const std::array<std::uint8_t, 16>& candidate) const {
  for (int bit = 0; bit < prefix; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const unsigned mask = 0x80U >> static_cast<unsigned>(bit % 8);
    if (((address[byte] ^ candidate[byte]) & mask) != 0) return false;
  }
  return true;
}

std::optional<std::string> rule_problem(const PolicyRule& rule) {
  if (rule.name.empty()) return "needs a name, which the audit log will show";
  if (rule.action == PolicyRule::Action::Require) return std::nullopt;
  if (rule.services.empty() && rule.users.empty() && rule.groups.empty() && rule.networks.empty()) {
    return "exempts everybody everywhere; set the policy to none if that is meant";
  }
  if (!rule.networks.empty() && rule.services.empty()) {
    return "exempts by network and has to name the services it is for";
  }
  return std::nullopt;
}

std::optional<RuleSetProblem> rule_set_problem(const std::vector<PolicyRule>& rules) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& rule = rules[i];
    if (rule.action == PolicyRule::Action::Require || rule.networks.empty()) continue;
    for (const auto& service : rule.services) {
      const char* everything = everything_in(exempt_networks(rules, rule, service));
      if (everything == nullptr) continue;
      return RuleSetProblem{i,
                            std::string("the networks that exempt the same people, of this rule ") +
                                "and of others for \"" + service + "\", add up to every " +
                                everything + "; leave out those that aren't yours"};
    }
  }
  return std::nullopt;
}

PolicyDecision evaluate_policy(LoginPolicy policy,
                               const std::vector<PolicyRule>& rules,
                               const PolicySubject& subject) {
  using Demand = PolicyDecision::Demand;
  for (const auto& rule : rules) {
    if (!applies(rule, subject)) continue;
    if (rule.action == PolicyRule::Action::Require) return {Demand::Factor, rule.name};
    // uid 0 is covered unless a rule names it: a rule for everybody isn't meant for root.
    if (is_privileged(subject.account) && !holds(rule.users, subject.account.name)) continue;
    return {Demand::Exempt, rule.name};
  }
  if (policy == LoginPolicy::None && !is_privileged(subject.account)) {
    return {Demand::Exempt, std::string(kPolicyNone)};
  }
  return {Demand::Factor, ""};
}

}  // namespace twinlock
