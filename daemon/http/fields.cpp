// SPDX-License-Identifier: MIT
#include "daemon/http/fields.h"

#include <algorithm>
#include <string_view>

#include "daemon/http/paging.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kMaxNames = 100;

// Takes what `path` names from `from` into `into`, if it is there.
void copy_member(const Json& from, std::string_view path, Json& into) {
  const auto dot = path.find('.');
  const std::string name(path.substr(0, dot));
  const auto found = from.find(name);
  if (found == from.end()) return;
  if (dot == std::string_view::npos) {
    into[name] = *found;
  } else if (found->is_object()) {
    if (!into.contains(name)) into[name] = Json::object();
    copy_member(*found, path.substr(dot + 1), into[name]);
  }
}

void erase_member(Json& object, std::string_view path) {
  const auto dot = path.find('.');
  const std::string name(path.substr(0, dot));
  if (dot == std::string_view::npos) {
    object.erase(name);
  } else if (object.contains(name) && object[name].is_object()) {
    erase_member(object[name], path.substr(dot + 1));
  }
}

}  // namespace

Parsed<Selection> selection_of(const Request& request) {
  const auto includes = query_boolean(request, "include_fields");
  if (!includes) return includes.refusal();
  Selection selection{.names = {}, .includes = includes->value_or(true)};
  auto text = request.query_value("fields").value_or("");
  while (!text.empty() && selection.names.size() < kMaxNames) {
    const auto comma = std::min(text.find(','), text.size());
    if (comma > 0) selection.names.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return selection;
}

Json selected(const Json& object, const Selection& selection) {
  if (selection.names.empty()) return object;
  auto result = selection.includes ? Json::object() : object;
  for (const auto& name : selection.names) {
    if (selection.includes) {
      copy_member(object, name, result);
    } else {
      erase_member(result, name);
    }
  }
  return result;
}

}  // namespace twinlock::http
