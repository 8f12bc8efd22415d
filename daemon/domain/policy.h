// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_POLICY_H
#define TWINLOCK_DAEMON_DOMAIN_POLICY_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/domain/account.h"
#include "daemon/domain/login_context.h"

namespace twinlock {

// Guardian's policy, changed at run time. ConfidenceScore asks who isn't trusted: as long as
// nothing here earns a login that trust, everybody.
enum class LoginPolicy { None = 0, AllApplications = 1, ConfidenceScore = 2 };

// "none", "all-applications", "confidence-score".
[[nodiscard]] std::string_view login_policy_name(LoginPolicy policy);
[[nodiscard]] std::optional<LoginPolicy> login_policy_named(std::string_view name);

// An IPv4 or IPv6 network. IPv4 is kept as IPv4-mapped IPv6, so that ::ffff:192.0.2.1 and
// 192.0.2.1 are one address.
struct Network {
  std::array<std::uint8_t, 16> address{};
  int prefix = 128;  // bits, of the mapped form

  // "192.0.2.0/24", "2001:db8::/32", or a bare address. InvalidInput with what is allowed
  // for anything else, for bits beyond the prefix, and for networks that contain everything (S50).
  static Result<Network> parse(std::string_view text);
  [[nodiscard]] bool contains(const std::array<std::uint8_t, 16>& candidate) const;
};

// The 16 bytes of an address literal, IPv4 mapped; nothing if it is none (S14).
[[nodiscard]] std::optional<std::array<std::uint8_t, 16>> parse_address(std::string_view text);

// One rule of twinlock.toml. Every list that isn't empty must match; an empty one matches all.
struct PolicyRule {
  enum class Action { Require, Exempt };

  std::string name;
  Action action = Action::Require;
  std::vector<std::string> services;
  std::vector<std::string> users;
  std::vector<std::string> groups;
  std::vector<Network> networks;
};

// Checks what a rule must obey to be loaded (S50): one that exempts by network names its services,
// and one that exempts everybody everywhere is refused. Nothing, or what to change.
[[nodiscard]] std::optional<std::string> rule_problem(const PolicyRule& rule);

// The same of rules that each are good: a service's exempting rules must not leave the people of
// one of them no IPv4 address, or no global IPv6 address (2000::/3, RFC 4291 §2.4), where the
// factor is asked for, since 0.0.0.0/1 and 128.0.0.0/1 are 0.0.0.0/0 in two words (S50).
struct RuleSetProblem {
  std::size_t rule;  // which one, from 0
  std::string text;
};
[[nodiscard]] std::optional<RuleSetProblem> rule_set_problem(const std::vector<PolicyRule>& rules);

// What is known of a login when the rules look at it. Nothing known is nothing matched by an
// exempting rule, and everything matched by a requiring one (S48).
struct PolicySubject {
  const Account& account;
  std::string_view service;
  std::string_view source;
  std::optional<std::vector<std::string>> groups;  // nothing: they couldn't be read
};

struct PolicyDecision {
  enum class Demand {
    Factor,
    Exempt,
    Blocked,  // nothing will do: an administrator has blocked the account
  };

  Demand demand = Demand::Factor;
  std::string rule;  // the name of the rule, or "policy none"
};

// The `rule` of an exemption that comes from the policy itself.
inline constexpr std::string_view kPolicyNone = "policy none";

// First match wins; no match means that the factor is required. With the policy off, everybody is
// exempt but uid 0, whom only a rule that names it can exempt (S48).
[[nodiscard]] PolicyDecision evaluate_policy(LoginPolicy policy,
                                             const std::vector<PolicyRule>& rules,
                                             const PolicySubject& subject);

}  // namespace twinlock

#endif
