// SPDX-License-Identifier: MIT
#include "daemon/domain/lucene_query.h"

#include <algorithm>
#include <utility>

namespace twinlock {
namespace {

constexpr std::size_t kLongest = 1024;
constexpr std::size_t kMostTerms = 64;
constexpr int kDeepest = 16;
constexpr std::string_view kExists = "_exists_";
// Characters that mean something to Lucene which we don't offer.
constexpr std::string_view kForeign = "[]{}^~?!&+/<>=\"";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool is_space(char c) { return c == ' ' || c == '\t'; }
bool ends_term(char c) { return is_space(c) || c == '(' || c == ')'; }

}  // namespace

// One pass from left to right, a function for each level of precedence.
class LuceneParser {
 public:
  using Node = LuceneQuery::Node;
  using Kind = Node::Kind;

  LuceneParser(std::string_view text, std::span<const std::string_view> fields)
      : rest_(text), fields_(fields) {}

  Result<LuceneQuery> parse() {
    if (rest_.size() > kLongest) return fault("the query is longer than 1024 bytes");
    if (auto done = disjunction(0); !done) return done.error();
    skip_spaces();
    if (!rest_.empty()) return fault("AND or OR expected at '" + here() + "'");
    LuceneQuery query;
    query.nodes_ = std::move(nodes_);
    return query;
  }

 private:
  static Error fault(std::string what) { return {ErrorCode::InvalidInput, std::move(what)}; }

  [[nodiscard]] std::string here() const { return std::string(rest_.substr(0, 20)); }

  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  // Takes `word` if it stands here by itself.
  bool take(std::string_view word) {
    skip_spaces();
    if (!rest_.starts_with(word)) return false;
    if (rest_.size() > word.size() && !ends_term(rest_[word.size()])) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  Status disjunction(int depth) {
    if (auto first = conjunction(depth); !first) return first;
    while (take("OR")) {
      if (auto next = conjunction(depth); !next) return next;
      nodes_.push_back({Kind::Or, {}, {}});
    }
    return Done{};
  }

  Status conjunction(int depth) {
    if (auto first = negation(depth); !first) return first;
    while (take("AND")) {
      if (auto next = negation(depth); !next) return next;
      nodes_.push_back({Kind::And, {}, {}});
    }
    return Done{};
  }

  Status negation(int depth) {
    if (depth > kDeepest) return fault("the query is nested too deeply");
    if (take("NOT")) {
      if (auto operand = negation(depth + 1); !operand) return operand;
      nodes_.push_back({Kind::Not, {}, {}});
      return Done{};
    }
    skip_spaces();
    if (!rest_.starts_with('(')) return term();
    rest_.remove_prefix(1);
    if (auto inner = disjunction(depth + 1); !inner) return inner;
    skip_spaces();
    if (!rest_.starts_with(')')) return fault("a parenthesis is not closed");
    rest_.remove_prefix(1);
    return Done{};
  }

  Status term() {
    if (++terms_ > kMostTerms) return fault("the query has more than 64 terms");
    const auto colon = rest_.find_first_of(": \t()\"");
    if (colon == std::string_view::npos || colon == 0 || rest_[colon] != ':') {
      return fault("a term has to be field:value, not '" + here() + "'");
    }
    const auto field = rest_.substr(0, colon);
    rest_.remove_prefix(colon + 1);
    if (field == kExists) return existence();
    if (!is_known(field)) return fault("there is no field " + std::string(field));
    return value(std::string(field));
  }

  [[nodiscard]] bool is_known(std::string_view field) const {
    return std::find(fields_.begin(), fields_.end(), field) != fields_.end();
  }

  Status existence() {
    const auto end = std::find_if(rest_.begin(), rest_.end(), ends_term);
    const std::string field(rest_.begin(), end);
    rest_.remove_prefix(field.size());
    if (!is_known(field)) return fault("there is no field " + field);
    nodes_.push_back({Kind::Exists, field, {}});
    return Done{};
  }

  Status value(std::string field) {
    return rest_.starts_with('"') ? quoted(std::move(field)) : bare(std::move(field));
  }

  Status quoted(std::string field) {
    std::string text;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      char c = rest_[i];
      if (c == '"') {
        rest_.remove_prefix(i + 1);
        nodes_.push_back({Kind::Equals, std::move(field), lower(text)});
        return Done{};
      }
      if (c == '\\' && i + 1 < rest_.size()) c = rest_[++i];
      text += c;
    }
    return fault("a quotation mark is not closed");
  }

  Status bare(std::string field) {
    std::string text;
    std::size_t i = 0;
    bool is_prefix = false;
    for (; i < rest_.size() && !ends_term(rest_[i]); ++i) {
      char c = rest_[i];
      if (is_prefix) return fault("* has to be the end of a value");
      if (c == '*') {
        is_prefix = true;
        continue;
      }
      if (kForeign.find(c) != std::string_view::npos) {
        return fault(std::string("'") + c + "' has to be quoted");
      }
      if (c == '\\') {
        if (++i == rest_.size()) return fault("the query ends with a backslash");
        c = rest_[i];
      }
      text += c;
    }
    if (text.empty() && !is_prefix) return fault("the field " + field + " has no value");
    rest_.remove_prefix(i);
    const auto kind = !is_prefix ? Kind::Equals : text.empty() ? Kind::Exists : Kind::StartsWith;
    nodes_.push_back({kind, std::move(field), lower(text)});
    return Done{};
  }

  std::string_view rest_;
  std::span<const std::string_view> fields_;
  std::vector<Node> nodes_;
  std::size_t terms_ = 0;
};

Result<LuceneQuery> LuceneQuery::parse(std::string_view text,
                                       std::span<const std::string_view> fields) {
  return LuceneParser(text, fields).parse();
}

bool LuceneQuery::matches(const Values& values_of) const {
  using Kind = Node::Kind;
  std::vector<bool> stack;
  const auto pop = [&stack] {
    const bool top = stack.back();
    stack.pop_back();
    return top;
  };
  for (const auto& node : nodes_) {
    switch (node.kind) {
      case Kind::Not:
        stack.push_back(!pop());
        continue;
      case Kind::And:
      case Kind::Or: {
        const bool right = pop();
        const bool left = pop();
        stack.push_back(node.kind == Kind::And ? left && right : left || right);
        continue;
      }
      case Kind::Equals:
      case Kind::StartsWith:
      case Kind::Exists:
        break;
    }
    const auto values = values_of(node.field);
    stack.push_back(std::any_of(values.begin(), values.end(), [&node](const auto& value) {
      if (node.kind == Kind::Exists) return true;
      const auto have = lower(value);
      return node.kind == Kind::Equals ? have == node.value : have.starts_with(node.value);
    }));
  }
  return pop();
}

bool LuceneQuery::mentions(std::string_view field) const {
  return std::any_of(
      nodes_.begin(), nodes_.end(), [field](const Node& node) { return node.field == field; });
}

std::optional<std::string> LuceneQuery::demanded(std::string_view field) const {
  for (const auto& node : nodes_) {
    if (node.kind == Node::Kind::Or || node.kind == Node::Kind::Not) return std::nullopt;
  }
  for (const auto& node : nodes_) {
    if (node.kind == Node::Kind::Equals && node.field == field) return node.value;
  }
  return std::nullopt;
}

}  // namespace twinlock
