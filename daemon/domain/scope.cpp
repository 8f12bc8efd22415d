// SPDX-License-Identifier: MIT
#include "daemon/domain/scope.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace twinlock {
namespace {

constexpr std::array<std::string_view, 45> kScopes{
    "create:authentication_methods",
    "create:authentication_methods:privileged",
    "create:guardian_enrollment_tickets",
    "create:guardian_enrollment_tickets:privileged",
    "create:users",
    "create:users:privileged",
    "delete:authentication_methods",
    "delete:authentication_methods:privileged",
    "delete:current_user",
    "delete:guardian_enrollments",
    "delete:guardian_enrollments:privileged",
    "delete:users",
    "delete:users:privileged",
    "disable:mfa",
    "read:attack_protection",
    "read:authentication_methods",
    "read:authentication_methods:privileged",
    "read:current_user",
    "read:guardian_enrollments",
    "read:guardian_enrollments:privileged",
    "read:guardian_factors",
    "read:logs",
    "read:logs_users",
    "read:mfa_policies",
    "read:prompts",
    "read:stats",
    "read:tenant_settings",
    "read:user_idp_tokens",
    "read:users",
    "read:users:privileged",
    "redirect:guardian_enrollment_tickets",
    "remove:authenticators",
    "remove:authenticators:privileged",
    "update:attack_protection",
    "update:authentication_methods",
    "update:authentication_methods:privileged",
    "update:current_user_metadata",
    "update:guardian_factors",
    "update:mfa_policies",
    "update:prompts",
    "update:tenant_settings",
    "update:users",
    "update:users:privileged",
    "update:users_app_metadata",
    "update:users_app_metadata:privileged",
};

// Found by halves.
static_assert(std::is_sorted(kScopes.begin(), kScopes.end()));

}  // namespace

std::span<const std::string_view> all_scopes() { return kScopes; }

bool is_scope(std::string_view text) {
  return std::binary_search(kScopes.begin(), kScopes.end(), text);
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> scopes;
  while (true) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return scopes;
    text.remove_prefix(begin);
    const auto end = std::min(text.find(' '), text.size());
    scopes.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string joined_scopes(const std::vector<std::string>& scopes) {
  std::string text;
  for (const auto& scope : scopes) text += (text.empty() ? "" : " ") + scope;
  return text;
}

std::vector<std::string> narrowed_scopes(const std::vector<std::string>& granted,
                                         const std::vector<std::string>& wanted) {
  if (wanted.empty() || wanted == granted) return granted;
  std::vector<std::string> left;
  std::copy_if(
      granted.begin(), granted.end(), std::back_inserter(left), [&wanted](const auto& scope) {
        return std::find(wanted.begin(), wanted.end(), scope) != wanted.end();
      });
  return left;
}

}  // namespace twinlock
