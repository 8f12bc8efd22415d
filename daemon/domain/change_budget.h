// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_CHANGE_BUDGET_H
#define TWINLOCK_DAEMON_DOMAIN_CHANGE_BUDGET_H

#include <map>
#include <mutex>

#include "daemon/domain/account.h"
#include "daemon/domain/instant.h"

namespace twinlock {

// How often users may change what is their own: each change is a record in the audit log, which
// nobody may fill (S128), and each code that confirms one is a guess. kChangesPerHour for each uid,
// forgotten when the daemon ends. Any thread.
class ChangeBudget {
 public:
  // Whether `uid` may change something now; counts it if so.
  [[nodiscard]] bool take(Uid uid, const Instant& now);

 private:
  struct Hour {
    Instant began;
    int taken = 0;
  };

  std::mutex mutex_;
  std::map<Uid, Hour> hours_;
};

}  // namespace twinlock

#endif
