// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_ACCESS_H
#define TWINLOCK_DAEMON_DBUS_ACCESS_H

#include "daemon/dbus/caller.h"
#include "daemon/ports/event_log.h"

namespace twinlock::dbus {

enum class Access { Denied, Allowed };

// Whether a caller may use an interface at all. The bus policy has been asked already; this doesn't
// rely on it (S32). On a worker, since polkit may take its time.
class AccessRule {
 public:
  virtual ~AccessRule() = default;
  [[nodiscard]] virtual Access judge(const Caller& caller) = 0;
};

// Login1.
class RootOnly final : public AccessRule {
 public:
  [[nodiscard]] Access judge(const Caller& caller) override;
};

// Enrollment1: acts on the caller's own account, whoever that is.
class Anybody final : public AccessRule {
 public:
  [[nodiscard]] Access judge(const Caller& caller) override;
};

// Administration1: root, else whom polkit allows org.twinlock.administer. The question names the
// caller's unique bus name, never a process (S35). No answer, for whatever reason, denies.
class RootOrPolkit final : public AccessRule {
 public:
  explicit RootOrPolkit(EventLog& log) : log_(log) {}
  [[nodiscard]] Access judge(const Caller& caller) override;

 private:
  EventLog& log_;
};

}  // namespace twinlock::dbus

#endif
