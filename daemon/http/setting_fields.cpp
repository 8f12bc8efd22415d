// SPDX-License-Identifier: MIT
#include "daemon/http/setting_fields.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace twinlock::http {
namespace {

SettingValue value_of(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_array()) return value.get<std::vector<std::string>>();
  return value.get<std::string>();
}

bool is_masked(const Json& value) { return value.is_string() && value == kMask; }

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void keep(const SettingFields& stored, const std::string& name, SettingFields& fields) {
  const auto found = stored.find(name);
  if (found != stored.end()) fields.insert(*found);
}

}  // namespace

SettingFields fields_of(const Json& body) {
  SettingFields fields;
  for (const auto& [name, value] : body.items()) {
    if (!value.is_null()) fields.emplace(name, value_of(value));
  }
  return fields;
}

SettingFields replaced(const SettingFields& stored,
                       const Json& body,
                       const std::vector<std::string>& secrets) {
  SettingFields fields;
  for (const auto& [name, value] : body.items()) {
    if (holds(secrets, name) && is_masked(value)) {
      keep(stored, name, fields);
    } else if (!value.is_null()) {
      fields.emplace(name, value_of(value));
    }
  }
  return fields;
}

SettingFields merged(const SettingFields& stored,
                     const Json& body,
                     const std::vector<std::string>& secrets) {
  auto fields = stored;
  for (const auto& [name, value] : body.items()) {
    if (holds(secrets, name) && is_masked(value)) continue;
    fields.erase(name);
    if (!value.is_null()) fields.emplace(name, value_of(value));
  }
  return fields;
}

Json view(const SettingFields& fields,
          const std::vector<std::string>& secrets,
          ProviderSecrets shown) {
  auto object = Json::object();
  for (const auto& [name, value] : fields) {
    if (shown == ProviderSecrets::Masked && holds(secrets, name)) {
      object[name] = kMask;
    } else {
      std::visit([&object, &name = name](const auto& plain) { object[name] = plain; }, value);
    }
  }
  return object;
}

SettingFields only_sent(const SettingFields& fields, const Json& body) {
  SettingFields sent;
  for (const auto& [name, value] : fields) {
    if (body.contains(name)) sent.emplace(name, value);
  }
  return sent;
}

SettingFields without(SettingFields fields, const std::vector<std::string>& names) {
  for (const auto& name : names) fields.erase(name);
  return fields;
}

}  // namespace twinlock::http
