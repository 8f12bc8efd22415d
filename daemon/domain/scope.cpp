// SPDX-License-Identifier: MIT
#include "daemon/domain/scope.h"

#include <algorithm>
#include <array>
#include <bit>

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
static_assert(kScopes.size() < 64);

constexpr std::uint64_t bit(std::size_t place) { return std::uint64_t{1} << place; }

constexpr bool is_privileged_form(std::string_view text, std::string_view name) {
  return text.size() == name.size() + kPrivileged.size() && text.starts_with(name) &&
         text.ends_with(kPrivileged);
}

// Where it is looked for: right behind the plain one.
constexpr bool is_privileged_form_next() {
  for (std::size_t i = 0; i < kScopes.size(); ++i) {
    for (std::size_t j = 0; j < kScopes.size(); ++j) {
      if (is_privileged_form(kScopes.at(j), kScopes.at(i)) && j != i + 1) return false;
    }
  }
  return true;
}
static_assert(is_privileged_form_next());

// kScopes.size() if it isn't one.
std::size_t place_of(std::string_view name) {
  const auto* found = std::lower_bound(kScopes.begin(), kScopes.end(), name);
  if (found == kScopes.end() || *found != name) return kScopes.size();
  return static_cast<std::size_t>(found - kScopes.begin());
}

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

ScopeSet::ScopeSet(std::initializer_list<std::string_view> names) {
  for (const auto name : names) add(name);
}

ScopeSet::ScopeSet(std::span<const std::string> names) {
  for (const auto& name : names) add(name);
}

ScopeSet ScopeSet::all() { return ScopeSet(bit(kScopes.size()) - 1); }

void ScopeSet::add(std::string_view name) {
  const auto place = place_of(name);
  if (place < kScopes.size()) bits_ |= bit(place);
}

// In the order in which text() wrote them most are found at once.
ScopeSet ScopeSet::parse(std::string_view text, char separator) {
  ScopeSet set;
  std::size_t next = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    const auto name = text.substr(0, end);
    if (next >= kScopes.size() || kScopes[next] != name) next = place_of(name);
    if (next < kScopes.size()) set.bits_ |= bit(next++);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return set;
}

std::string ScopeSet::text(char separator) const {
  std::string text;
  for (const auto name : names()) {
    if (!text.empty()) text += separator;
    text += name;
  }
  return text;
}

bool ScopeSet::contains(std::string_view name) const {
  const auto place = place_of(name);
  return place < kScopes.size() && (bits_ & bit(place)) != 0;
}

bool ScopeSet::contains_privileged(std::string_view name) const {
  const auto place = place_of(name) + 1;
  return place < kScopes.size() && is_privileged_form(kScopes[place], name) &&
         (bits_ & bit(place)) != 0;
}

std::size_t ScopeSet::size() const { return static_cast<std::size_t>(std::popcount(bits_)); }

std::vector<std::string_view> ScopeSet::names() const {
  std::vector<std::string_view> names;
  names.reserve(size());
  for (std::size_t i = 0; i < kScopes.size(); ++i) {
    if ((bits_ & bit(i)) != 0) names.push_back(kScopes[i]);
  }
  return names;
}

}  // namespace twinlock
