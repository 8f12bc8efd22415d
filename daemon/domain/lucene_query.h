// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_LUCENE_QUERY_H
#define TWINLOCK_DAEMON_DOMAIN_LUCENE_QUERY_H

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace twinlock {

// The part of Lucene's query language that people use to search users and logs by:
//
//   email:alice@example.com   name:"Alice Liddell"   username:al*   _exists_:phone_number
//   AND, OR, NOT, parentheses; AND binds stronger than OR
//
// A backslash takes away a character's meaning. What Lucene has besides (ranges, fuzziness, boosts,
// terms without a field, terms side by side) is an error, and no guess is made at it. Bounded: at
// most 1024 bytes, 64 terms, 16 parentheses inside one another.
class LuceneQuery {
 public:
  // `fields`: the names that may be asked for. InvalidInput says what was not understood.
  static Result<LuceneQuery> parse(std::string_view text, std::span<const std::string_view> fields);

  // What a record has under a field's name; none if it has no such thing.
  using Values = std::function<std::vector<std::string>(std::string_view field)>;

  // Values are compared without regard to the case of ASCII letters.
  [[nodiscard]] bool matches(const Values& values_of) const;

  [[nodiscard]] bool mentions(std::string_view field) const;
  // The value that `field` must have in every record that matches, where that can be told at a
  // glance: to look it up instead of looking through everything.
  [[nodiscard]] std::optional<std::string> demanded(std::string_view field) const;

 private:
  friend class LuceneParser;

  struct Node {
    enum class Kind { Equals, StartsWith, Exists, Not, And, Or };

    Kind kind;
    std::string field;  // of the first three
    std::string value;  // lower case
  };

  LuceneQuery() = default;

  std::vector<Node> nodes_;  // operands before their operator
};

}  // namespace twinlock

#endif
