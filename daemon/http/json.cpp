// SPDX-License-Identifier: MIT
#include "daemon/http/json.h"

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "common/encoding.h"
#include "daemon/http/limits.h"

namespace twinlock::http {
namespace {

// Builds the value as the library's parser reads it, and stops it at the first broken limit: the
// library's own way would have built everything before anybody could count.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  [[nodiscard]] Json take() { return std::move(root_); }
  [[nodiscard]] const char* problem() const { return problem_; }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return refuse("binary"); }

  bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (!open_.back().names.insert(name).second) return refuse("a name twice in one object");
    open_.back().name = std::move(name);
    return true;
  }

  bool parse_error(std::size_t /*position*/,
                   const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return refuse("not JSON");
  }

 private:
  // An object or array whose end hasn't come.
  struct Open {
    Json value;
    std::set<std::string> names;  // of an object's members so far
    std::string name;             // of the member that comes next
  };

  bool refuse(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
    return false;
  }

  bool open(Json value) {
    if (open_.size() == kMaxJsonDepth) return refuse("too deep");
    open_.push_back({std::move(value), {}, {}});
    return true;
  }

  bool close() {
    auto value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }

  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    if (++members_ > kMaxJsonMembers) return refuse("too many members");
    auto& [parent, names, name] = open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
    } else {
      // Not by name: the library would look through all members for it, each time.
      parent.get_ref<Json::object_t&>().push_back({std::move(name), std::move(value)});
    }
    return true;
  }

  Json root_;
  std::vector<Open> open_;
  std::size_t members_ = 0;
  const char* problem_ = nullptr;
};

}  // namespace

Result<Json> parse_json(std::string_view text) {
  // The library takes a NUL for the end, and skips a byte order mark.
  if (text.find('\0') != std::string_view::npos || !is_utf8(text) ||
      text.starts_with("\xef\xbb\xbf")) {
    return Error{ErrorCode::InvalidInput, "not JSON"};
  }
  Builder builder;
  if (!Json::sax_parse(text, &builder)) {
    return Error{ErrorCode::InvalidInput, builder.problem()};
  }
  return builder.take();
}

std::string json_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Response json_response(int status, const Json& body) {
  return json_text_response(status, json_text(body));
}

Response json_text_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

std::string_view json_type(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "boolean";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return "integer";
    case Json::value_t::number_float:
      return "number";
    case Json::value_t::string:
      return "string";
    case Json::value_t::array:
      return "array";
    case Json::value_t::object:
      return "object";
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return "undefined";
}

}  // namespace twinlock::http
