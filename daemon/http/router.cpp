// SPDX-License-Identifier: MIT
#include "daemon/http/router.h"

#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace twinlock::http {
namespace {

std::vector<std::string> segments_of(const std::string& pattern) {
  if (pattern.empty() || pattern.front() != '/') {
    throw std::logic_error("a pattern starts with a slash: " + pattern);
  }
  std::vector<std::string> segments;
  for (std::size_t at = 0; at != std::string::npos;) {
    const auto end = pattern.find('/', at + 1);
    const auto length = end == std::string::npos ? end : end - at - 1;
    segments.push_back(pattern.substr(at + 1, length));
    at = end;
  }
  return segments;
}

// The name in a segment {name}.
std::optional<std::string> name_in(const std::string& segment) {
  const bool is_name = segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
  if (is_name) return segment.substr(1, segment.size() - 2);
  if (segment.find_first_of("{}") != std::string::npos) {
    throw std::logic_error("neither text nor {name}: " + segment);
  }
  return std::nullopt;
}

std::vector<std::string> names_in(const std::string& pattern) {
  std::vector<std::string> names;
  for (const auto& segment : segments_of(pattern)) {
    if (auto name = name_in(segment)) names.push_back(*std::move(name));
  }
  return names;
}

}  // namespace

// One place in the tree of segments. Routes whose names differ share a place.
struct Router::Node {
  struct End {
    const Route* route;
    std::vector<std::string> names;
  };

  std::map<std::string, Node, std::less<>> texts;
  std::unique_ptr<Node> any;
  std::map<Method, End> ends;

  // What the rest of a path leads to, with the text of the places on the way.
  struct Search {
    Method method;
    const std::vector<std::string>& segments;
    std::vector<const std::string*> places;
    std::set<Method> allowed;
  };
  [[nodiscard]] const End* find(Search& search, std::size_t depth) const;
  [[nodiscard]] const End* find_here(Search& search) const;
};

const Router::Node::End* Router::Node::find_here(Search& search) const {
  for (const auto& [method, end] : ends) search.allowed.insert(method);
  auto found = ends.find(search.method);
  if (found == ends.end() && search.method == Method::Head) found = ends.find(Method::Get);
  return found == ends.end() ? nullptr : &found->second;
}

// As deep as the longest pattern, whatever the path.
const Router::Node::End* Router::Node::find(Search& search, std::size_t depth) const {
  if (depth == search.segments.size()) return find_here(search);
  const auto& segment = search.segments[depth];
  if (const auto text = texts.find(segment); text != texts.end()) {
    if (const auto* end = text->second.find(search, depth + 1)) return end;
  }
  if (!any || segment.empty()) return nullptr;
  search.places.push_back(&segment);
  if (const auto* end = any->find(search, depth + 1)) return end;
  search.places.pop_back();
  return nullptr;
}

Router::Router(std::vector<Route> routes)
    : routes_(std::move(routes)), root_(std::make_unique<Node>()) {
  for (const auto& route : routes_) add(route);
}

Router::Router(Router&&) noexcept = default;
Router::~Router() = default;

void Router::add(const Route& route) {
  auto* node = root_.get();
  for (const auto& segment : segments_of(route.pattern)) {
    if (name_in(segment)) {
      if (!node->any) node->any = std::make_unique<Node>();
      node = node->any.get();
    } else {
      node = &node->texts[segment];
    }
  }
  if (!node->ends.emplace(route.method, Node::End{&route, names_in(route.pattern)}).second) {
    throw std::logic_error("two routes for " + std::string(method_name(route.method)) + " " +
                           route.pattern);
  }
}

Match Router::find(Method method, const std::vector<std::string>& segments) const {
  Node::Search search{method, segments, {}, {}};
  Match match;
  if (const auto* end = root_->find(search, 0)) {
    match.route = end->route;
    for (std::size_t i = 0; i < end->names.size(); ++i) {
      match.parameters.emplace_back(end->names[i], *search.places[i]);
    }
    return match;
  }
  if (search.allowed.contains(Method::Get)) search.allowed.insert(Method::Head);
  for (const auto allowed : search.allowed) {
    match.allowed += (match.allowed.empty() ? "" : ", ") + std::string(method_name(allowed));
  }
  return match;
}

}  // namespace twinlock::http
