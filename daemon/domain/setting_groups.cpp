// SPDX-License-Identifier: MIT
#include "daemon/domain/setting_groups.h"

#include <string>
#include <utility>

namespace twinlock {
namespace {

constexpr int kTries = 8;  // each lost one means that somebody else has written

// "twilio: auth_token, sid".
std::string names_of_changes(SettingGroup group,
                             const SettingFields& before,
                             const SettingFields& after) {
  std::string names;
  const auto add = [&names](const std::string& name) {
    names += (names.empty() ? ": " : ", ") + name;
  };
  for (const auto& [name, value] : after) {
    const auto found = before.find(name);
    if (found == before.end() || found->second != value) add(name);
  }
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) add(name);
  }
  return std::string(setting_group_name(group)) + names;
}

}  // namespace

Result<SettingFields> SettingGroups::read(SettingGroup group) {
  auto stored = ports_.settings.setting_group(group);
  if (!stored) return stored.error();
  return (*std::move(stored)).fields;
}

Result<SettingFields> SettingGroups::edit(SettingGroup group,
                                          const Edit& edit,
                                          const Actor& actor) {
  for (int tries = 0; tries < kTries; ++tries) {
    const auto stored = ports_.settings.setting_group(group);
    if (!stored) return stored.error();
    auto fields = edit(stored->fields);
    if (!fields || *fields == stored->fields) return fields;
    const auto now = ports_.clock.now();
    if (!now) return now.error();
    AuditEvent event{};
    event.time = now->wall;
    event.type = AuditEventType::SettingsChanged;
    attribute(event, actor);
    event.detail = names_of_changes(group, stored->fields, *fields);
    const StoredSettingGroup next{.fields = *fields, .version = stored->version};
    const auto claimed = ports_.settings.replace_setting_group(group, next, event);
    if (!claimed) return claimed.error();
    if (*claimed == Claim::Lost) continue;
    ports_.audit.written(event);
    return fields;
  }
  return Error{ErrorCode::Unavailable, "others were changing the same settings all the time"};
}

}  // namespace twinlock
