// SPDX-License-Identifier: MIT
#include "daemon/http/schema.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "common/encoding.h"
#include "daemon/http/syntax.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kMaxShownBytes = 100;  // of what was given, in a refusal

constexpr std::array<std::string_view, 6> kKindNames{
    "boolean", "integer", "number", "string", "array", "object"};

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;  // the first byte of each
  }));
}

std::string shown(std::string_view text) { return printable(text, kMaxShownBytes); }

std::string beyond(const char* what,
                   const std::string& size,
                   const char* bound,
                   const std::string& limit) {
  return std::string(what) + " (" + size + "), " + bound + " " + limit;
}

}  // namespace

Schema::Schema(Kind kind, std::string description)
    : kind_(kind), description_(std::move(description)) {}

Schema Schema::length(std::size_t least, std::size_t most) const { return size(least, most); }

Schema Schema::size(std::size_t least, std::size_t most) const {
  auto next = *this;
  next.least_ = least;
  next.most_ = most;
  return next;
}

Schema Schema::one_of(std::vector<std::string> values) const {
  auto next = *this;
  next.values_ = std::move(values);
  return next;
}

Schema Schema::format(std::string name, std::function<bool(std::string_view)> check) const {
  auto next = *this;
  next.format_ = std::move(name);
  next.matches_ = std::move(check);
  return next;
}

Schema Schema::range(std::int64_t least, std::int64_t most) const {
  auto next = *this;
  next.lowest_ = least;
  next.highest_ = most;
  return next;
}

Schema Schema::unique() const {
  auto next = *this;
  next.unique_ = true;
  return next;
}

Schema Schema::tolerate(std::vector<std::string> names) const {
  auto next = *this;
  next.tolerated_ = std::move(names);
  return next;
}

Schema Schema::others(const Schema& values) const {
  auto next = *this;
  next.items_ = std::make_shared<const Schema>(values);
  return next;
}

Schema Schema::open() const {
  auto next = *this;
  next.open_ = true;
  return next;
}

Schema Schema::at_least(std::size_t members) const {
  auto next = *this;
  next.least_ = members;
  return next;
}

Schema Schema::secret() const {
  auto next = *this;
  next.is_secret_ = true;
  return next;
}

Schema Schema::or_null() const {
  auto next = *this;
  next.nullable_ = true;
  return next;
}

Schema Schema::or_absent() const {
  auto next = *this;
  next.absent_ = true;
  return next;
}

Schema boolean(std::string description) {
  return Schema(Schema::Kind::Boolean, std::move(description));
}
Schema integer(std::string description) {
  return Schema(Schema::Kind::Integer, std::move(description));
}
Schema number(std::string description) {
  return Schema(Schema::Kind::Number, std::move(description));
}
Schema string(std::string description) {
  return Schema(Schema::Kind::String, std::move(description));
}

Schema array(const Schema& items, std::string description) {
  Schema schema(Schema::Kind::Array, std::move(description));
  schema.items_ = std::make_shared<const Schema>(items);
  return schema;
}

Schema object(std::vector<Property> properties, std::string description) {
  Schema schema(Schema::Kind::Object, std::move(description));
  schema.properties_ = std::move(properties);
  return schema;
}

Property required(std::string name, Schema schema) {
  return {std::move(name), std::move(schema), true};
}

Property optional(std::string name, Schema schema) {
  return {std::move(name), std::move(schema), false};
}

const Property* Schema::property(std::string_view name) const {
  const auto found = std::find_if(properties_.begin(),
                                  properties_.end(),
                                  [name](const Property& one) { return one.name == name; });
  return found == properties_.end() ? nullptr : &*found;
}

bool Schema::allows(std::string_view name) const {
  return open_ || items_ != nullptr || property(name) != nullptr ||
         std::find(tolerated_.begin(), tolerated_.end(), name) != tolerated_.end();
}

std::string Schema::check_type(const Json& value) const {
  const auto found = json_type(value);
  const auto expected = kKindNames.at(static_cast<std::size_t>(kind_));
  if (found == expected || (kind_ == Kind::Number && value.is_number())) return {};
  return "Expected type " + std::string(expected) + (nullable_ ? ",null" : "") +
         " but found type " + std::string(found);
}

std::string Schema::check_string(const std::string& text) const {
  const auto count = characters_in(text);
  const auto chars = std::to_string(count) + " chars";
  if (count < least_)
    return beyond("String is too short", chars, "minimum", std::to_string(least_));
  if (count > most_) return beyond("String is too long", chars, "maximum", std::to_string(most_));
  if (!values_.empty() && std::find(values_.begin(), values_.end(), text) == values_.end()) {
    return "No enum match for: " + shown(text);
  }
  if (matches_ && !matches_(text)) {
    const auto fault = "Object didn't pass validation for format " + format_;
    return is_secret_ ? fault : fault + ": " + shown(text);
  }
  return {};
}

std::string Schema::check_number(const Json& value) const {
  // Nothing of ours counts beyond 2^63: what doesn't fit is too great whatever the bound.
  const bool is_huge = value.is_number_unsigned() &&
                       value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max();
  if (is_huge || value > highest_) {
    return "Value " + json_text(value) + " is greater than maximum " + std::to_string(highest_);
  }
  if (value < lowest_) {
    return "Value " + json_text(value) + " is less than minimum " + std::to_string(lowest_);
  }
  return {};
}

std::string Schema::check_array(const Json& value) const {
  const auto count = std::to_string(value.size());
  if (value.size() < least_) {
    return beyond("Array is too short", count, "minimum", std::to_string(least_));
  }
  if (value.size() > most_) {
    return beyond("Array is too long", count, "maximum", std::to_string(most_));
  }
  if (!unique_) return {};
  std::map<std::string, std::size_t> seen;  // as text: one member of kMaxJsonMembers each
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto [earlier, is_new] = seen.emplace(json_text(value[i]), i);
    if (!is_new) {
      return "Array items are not unique (indexes " + std::to_string(earlier->second) + " and " +
             std::to_string(i) + ")";
    }
  }
  return {};
}

std::string Schema::check_object(const Json& value) const {
  for (const auto& property : properties_) {
    if (property.is_required && !value.contains(property.name)) {
      return "Missing required property: " + property.name;
    }
  }
  for (const auto& [name, member] : value.items()) {
    if (!allows(name)) return "Additional properties not allowed: " + shown(name);
  }
  if (value.size() < least_) {
    return beyond("Too few properties defined",
                  std::to_string(value.size()),
                  "minimum",
                  std::to_string(least_));
  }
  return {};
}

std::optional<Finding> Schema::check_members(const Json& value, const std::string& where) const {
  if (kind_ == Kind::Array) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (auto fault = items_->check(value[i], where + "[" + std::to_string(i) + "]")) return fault;
    }
  }
  if (kind_ != Kind::Object) return std::nullopt;
  for (const auto& [name, member] : value.items()) {
    const auto* known = property(name);
    const auto* schema = known != nullptr ? &known->schema : items_.get();
    if (schema == nullptr) continue;
    const auto place = where.empty() ? shown(name) : where + "." + shown(name);
    if (auto fault = schema->check(member, place)) return fault;
  }
  return std::nullopt;
}

std::optional<Finding> Schema::check(const Json& value, const std::string& where) const {
  if (nullable_ && value.is_null()) return std::nullopt;
  auto what = check_type(value);
  if (what.empty()) {
    switch (kind_) {
      case Kind::Boolean:
        break;
      case Kind::Integer:
      case Kind::Number:
        what = check_number(value);
        break;
      case Kind::String:
        what = check_string(value.get_ref<const std::string&>());
        break;
      case Kind::Array:
        what = check_array(value);
        break;
      case Kind::Object:
        what = check_object(value);
        break;
    }
  }
  if (!what.empty()) return Finding{what, where, description_};
  return check_members(value, where);
}

std::optional<Finding> Schema::find_fault(const Json& value) const { return check(value, {}); }

Parsed<Json> Schema::read(const Request& request) const {
  if (request.body.empty()) {
    if (!absent_) return body_error({"Missing body", {}, {}});
    return Json::object();
  }
  if (!is_json(request)) return api_error(415, "Content-Type must be application/json");
  auto body = parse_json(request.body);
  if (!body) return api_error(400, "Invalid request payload JSON format", "invalid_body");
  if (const auto fault = find_fault(*body)) return body_error(*fault);
  return *std::move(body);
}

bool is_json(const Request& request) {
  const auto type = request.header("Content-Type");
  return type && is_same_name(trimmed(type->substr(0, type->find(';'))), "application/json");
}

}  // namespace twinlock::http
