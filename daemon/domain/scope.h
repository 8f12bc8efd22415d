// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_SCOPE_H
#define TWINLOCK_DAEMON_DOMAIN_SCOPE_H

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twinlock {

// Beyond Auth0's: switching the second factor off for everybody (S67), and mailing a ticket to
// another address than the one on record (S77).
inline constexpr std::string_view kDisableMfa = "disable:mfa";
inline constexpr std::string_view kRedirectTickets = "redirect:guardian_enrollment_tickets";

// Behind a scope that touches users: the same for uid 0 and for members of the groups that
// administer the machine (S65).
inline constexpr std::string_view kPrivileged = ":privileged";

// Every scope that a client can have, in alphabetical order: what a "full" one has.
[[nodiscard]] std::span<const std::string_view> all_scopes();
[[nodiscard]] bool is_scope(std::string_view text);

// "a b  c" → a, b, c: the form of RFC 6749 §3.3.
[[nodiscard]] std::vector<std::string> split_words(std::string_view text);

// Some of all_scopes(), in the order of that. Small: each request has one.
class ScopeSet {
 public:
  ScopeSet() = default;
  // Those of `names` that are scopes.
  ScopeSet(std::initializer_list<std::string_view> names);
  explicit ScopeSet(std::span<const std::string> names);
  [[nodiscard]] static ScopeSet all();

  // Back from text(). What isn't a scope, or no longer, is left out.
  [[nodiscard]] static ScopeSet parse(std::string_view text, char separator);
  [[nodiscard]] std::string text(char separator) const;

  [[nodiscard]] bool contains(std::string_view name) const;
  // The same of name + kPrivileged.
  [[nodiscard]] bool contains_privileged(std::string_view name) const;
  [[nodiscard]] bool empty() const { return bits_ == 0; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::vector<std::string_view> names() const;

  // What both have.
  friend ScopeSet operator&(ScopeSet left, ScopeSet right) {
    return ScopeSet(left.bits_ & right.bits_);
  }
  bool operator==(const ScopeSet&) const = default;

 private:
  explicit ScopeSet(std::uint64_t bits) : bits_(bits) {}
  void add(std::string_view name);

  std::uint64_t bits_ = 0;  // by place in all_scopes()
};

}  // namespace twinlock

#endif
