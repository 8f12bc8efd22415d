// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_SCHEMA_H
#define TWINLOCK_DAEMON_HTTP_SCHEMA_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/errors.h"
#include "daemon/http/json.h"
#include "daemon/http/message.h"
#include "daemon/http/parsed.h"

// What a body may be, as one table per endpoint; the refusals are worded as the contract has them.
//
//   const Schema kPhone =
//       object({required("name", string("The method's name").length(1, 20)),
//               required("phone_number", string().format("e164", is_e164)),
//               optional("message_types",
//                        array(string().one_of({"sms", "voice"})).size(1, 2).unique()),
//               optional("from", string().or_null())})
//           .tolerate({"phone"});     // names that are let through unread (C10)
//
//   const auto body = kPhone.read(request);
//   if (!body) return body.refusal();
//   const auto name = body->at("name").get<std::string>();
//
// Whatever read() returns has the types that the schema says: at() of a required property and get()
// of its type never throw. An optional one is asked for with contains(); a tolerated one has any
// type. Objects are closed; JSON types are exact: 1, "true" and null are no booleans, 5.0 is no
// integer.
namespace twinlock::http {

class Property;

class Schema {
 public:
  enum class Kind { Boolean, Integer, Number, String, Array, Object };

  explicit Schema(Kind kind, std::string description = {});

  // Strings: length in characters, not bytes.
  [[nodiscard]] Schema length(std::size_t least, std::size_t most) const;
  [[nodiscard]] Schema one_of(std::vector<std::string> values) const;
  // `name` is what the refusal calls it.
  [[nodiscard]] Schema format(std::string name, std::function<bool(std::string_view)> check) const;
  // A refusal doesn't show what was sent (S66).
  [[nodiscard]] Schema secret() const;
  // Integers and numbers.
  [[nodiscard]] Schema range(std::int64_t least, std::int64_t most) const;
  // Arrays.
  [[nodiscard]] Schema size(std::size_t least, std::size_t most) const;
  [[nodiscard]] Schema unique() const;
  // Objects.
  [[nodiscard]] Schema tolerate(std::vector<std::string> names) const;
  // Any member besides the named ones, each of them as `values` says.
  [[nodiscard]] Schema others(const Schema& values) const;
  // Any member besides the named ones, of any type: let through unread.
  [[nodiscard]] Schema open() const;
  // At least this many members.
  [[nodiscard]] Schema at_least(std::size_t members) const;
  // Anything: null instead of a value.
  [[nodiscard]] Schema or_null() const;
  // A whole body: it may be left out, and is then read as {} (C09).
  [[nodiscard]] Schema or_absent() const;

  // The first thing that is wrong with `value`, or nothing.
  [[nodiscard]] std::optional<Finding> find_fault(const Json& value) const;

  // The request's body, or the 400 or 415 to send.
  [[nodiscard]] Parsed<Json> read(const Request& request) const;

 private:
  friend Schema array(const Schema& items, std::string description);
  friend Schema object(std::vector<Property> properties, std::string description);

  [[nodiscard]] std::optional<Finding> check(const Json& value, const std::string& where) const;
  [[nodiscard]] std::string check_type(const Json& value) const;
  [[nodiscard]] std::string check_string(const std::string& text) const;
  [[nodiscard]] std::string check_number(const Json& value) const;
  [[nodiscard]] std::string check_array(const Json& value) const;
  [[nodiscard]] std::string check_object(const Json& value) const;
  [[nodiscard]] std::optional<Finding> check_members(const Json& value,
                                                     const std::string& where) const;
  [[nodiscard]] const Property* property(std::string_view name) const;
  [[nodiscard]] bool allows(std::string_view name) const;

  Kind kind_;
  std::string description_;
  bool nullable_ = false;
  bool is_secret_ = false;
  bool absent_ = false;
  bool open_ = false;
  std::size_t least_ = 0;  // of length or size
  std::size_t most_ = std::numeric_limits<std::size_t>::max();
  std::int64_t lowest_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t highest_ = std::numeric_limits<std::int64_t>::max();
  std::vector<std::string> values_;
  std::string format_;
  std::function<bool(std::string_view)> matches_;
  bool unique_ = false;
  std::shared_ptr<const Schema> items_;  // shared by copies of this schema: never changed
  std::vector<Property> properties_;
  std::vector<std::string> tolerated_;
};

class Property {
 public:
  std::string name;
  Schema schema;
  bool is_required;
};

[[nodiscard]] Schema boolean(std::string description = {});
[[nodiscard]] Schema integer(std::string description = {});
[[nodiscard]] Schema number(std::string description = {});
[[nodiscard]] Schema string(std::string description = {});
[[nodiscard]] Schema array(const Schema& items, std::string description = {});
[[nodiscard]] Schema object(std::vector<Property> properties, std::string description = {});

[[nodiscard]] Property required(std::string name, Schema schema);
[[nodiscard]] Property optional(std::string name, Schema schema);

// Whether the request's body says that it is JSON, parameters aside (C08).
[[nodiscard]] bool is_json(const Request& request);

}  // namespace twinlock::http

#endif
