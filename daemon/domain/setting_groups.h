// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_SETTING_GROUPS_H
#define TWINLOCK_DAEMON_DOMAIN_SETTING_GROUPS_H

#include <functional>

#include "common/result.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/setting_group.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/store.h"

namespace twinlock {

// The setting groups, read anew at each use, since another process may have changed them. Any
// thread. Errors: Unavailable, and whatever an edit says.
class SettingGroups {
 public:
  struct Ports {
    SettingsStore& settings;
    Clock& clock;
    AuditTrail& audit;
  };
  // Makes of what is stored what is to be stored. May run more than once.
  using Edit = std::function<Result<SettingFields>(const SettingFields&)>;

  explicit SettingGroups(const Ports& ports) : ports_(ports) {}

  // Empty if it was never set.
  [[nodiscard]] Result<SettingFields> read(SettingGroup group);

  // Stores what `edit` makes, all of it or nothing, and returns it; of two at once each sees what
  // the other has written. What is so already is no change and no record. The record has the names
  // of the fields that changed, and no value.
  [[nodiscard]] Result<SettingFields> edit(SettingGroup group,
                                           const Edit& edit,
                                           const Actor& actor);

 private:
  Ports ports_;
};

}  // namespace twinlock

#endif
