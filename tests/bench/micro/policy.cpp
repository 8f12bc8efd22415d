// SPDX-License-Identifier: MIT
#include "daemon/domain/policy.h"

#include <memory>
#include <string>

#include "tests/bench/data/people.h"
#include "tests/bench/micro/body.h"

namespace twinlock::bench {
namespace {

// Rules that all look alike and don't match: the whole list is walked.
Body rules(int count) {
  std::vector<PolicyRule> list;
  for (int i = 0; i < count; ++i) {
    PolicyRule rule;
    rule.name = "rule " + std::to_string(i);
    rule.action = PolicyRule::Action::Exempt;
    rule.services = {"cron", "backup"};
    rule.networks = {*Network::parse("192.0.2.0/24"), *Network::parse("2001:db8::/32")};
    list.push_back(std::move(rule));
  }
  const auto shared = std::make_shared<const std::vector<PolicyRule>>(std::move(list));
  const auto account = std::make_shared<const Account>(account_of(1));
  return {.name = "policy/rules " + std::to_string(count),
          .prepare = [shared, account](std::size_t /*iterations*/) -> std::function<void()> {
            return [shared, account] {
              const PolicySubject subject{*account, "sshd", "198.51.100.7", std::nullopt};
              keep(evaluate_policy(LoginPolicy::AllApplications, *shared, subject));
            };
          }};
}

}  // namespace

std::vector<Body> policy_bodies() { return {rules(1), rules(10), rules(100)}; }

}  // namespace twinlock::bench
