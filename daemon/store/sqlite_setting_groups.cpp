// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>
#include <utility>

#include "common/encoding.h"
#include "daemon/store/sealing.h"
#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using nlohmann::json;
using sqlite::Database;
using sqlite::Next;

// A JSON object of booleans, integers, strings and arrays of strings.
Secret encoded(const SettingFields& fields) {
  auto object = json::object();
  for (const auto& [name, value] : fields) {
    std::visit([&object, &name = name](const auto& plain) { object[name] = plain; }, value);
  }
  auto text = object.dump();
  Secret secret(text);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return secret;
}

std::optional<SettingValue> value_of(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return std::nullopt;
  std::vector<std::string> list;
  for (const auto& item : value) {
    if (!item.is_string()) return std::nullopt;
    list.push_back(item.get<std::string>());
  }
  return list;
}

Result<SettingFields> decoded(std::string_view text) {
  const auto object = json::parse(text, nullptr, false);
  const Error broken{ErrorCode::Internal, "a group of settings isn't what we wrote"};
  if (!object.is_object()) return broken;
  SettingFields fields;
  for (const auto& [name, value] : object.items()) {
    auto known = value_of(value);
    if (!known) return broken;
    fields.emplace(name, *std::move(known));
  }
  return fields;
}

}  // namespace

Result<StoredSettingGroup> SqliteStore::setting_group(SettingGroup group) {
  return reading([this, group](Database& database) -> Result<StoredSettingGroup> {
    auto row = database.prepare("SELECT version, fields FROM setting_group WHERE id = ?1");
    const auto next = row.bind(group).step();
    if (!next) return next.error();
    if (*next == Next::End) return StoredSettingGroup{};
    const auto plain = sealing::open(keys_, sealing::setting_group_place(group), row.blob(1));
    if (!plain) return plain.error();
    auto fields = decoded(plain->text());
    if (!fields) return fields.error();
    return StoredSettingGroup{.fields = *std::move(fields), .version = row.integer(0)};
  });
}

Result<Claim> SqliteStore::replace_setting_group(SettingGroup group,
                                                 const StoredSettingGroup& next,
                                                 const AuditEvent& event) {
  auto sealed =
      sealing::seal(keys_, sealing::setting_group_place(group), encoded(next.fields).bytes());
  if (!sealed) return sealed.error();
  return recorded<Claim>(
      event,
      [group, version = next.version, sealed = *std::move(sealed)](
          WriteScope& scope) -> Result<Claim> {
        auto write =
            version == 0
                ? scope.database.prepare(
                      "INSERT INTO setting_group VALUES (?1, ?2 + 1, ?3) ON CONFLICT DO NOTHING")
                : scope.database.prepare(
                      "UPDATE setting_group SET version = ?2 + 1, fields = ?3"
                      " WHERE id = ?1 AND version = ?2");
        const auto changed = write.bind(group, version, sealed).execute();
        if (!changed) return changed.error();
        return *changed == 1 ? Claim::Won : scope.undo(Claim::Lost);
      });
}

}  // namespace twinlock
