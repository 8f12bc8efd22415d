// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_AUDIT_SEARCH_H
#define TWINLOCK_DAEMON_DOMAIN_AUDIT_SEARCH_H

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/result.h"
#include "daemon/domain/audit_event.h"
#include "daemon/ports/store.h"

namespace twinlock {

struct AuditSearch {
  enum class Order { NewestFirst, OldestFirst };

  std::string user;                                 // empty: of all
  std::function<bool(const AuditRecord&)> matches;  // empty: every one
  Order order = Order::NewestFirst;
  std::int64_t skip = 0;  // of those that match
  int limit = 50;
};

struct AuditPage {
  std::vector<AuditRecord> records;
  std::int64_t total = 0;  // that match, as far as was looked
};

// How many records a search looks at, the newest ones: it must end soon, however long the log is.
inline constexpr int kMostSearched = 100'000;

// The records that match, of the newest kMostSearched. Without a user and a condition all are
// counted, and none has to be looked at for it.
[[nodiscard]] Result<AuditPage> search_audit(AuditStore& store, const AuditSearch& search);

// The record of this number, if it is still kept.
[[nodiscard]] Result<std::vector<AuditRecord>> audit_record(AuditStore& store,
                                                            std::uint64_t sequence);

// What logins have been in a time: for statistics.
struct DayCount {
  int logins = 0;       // granted
  int enrollments = 0;  // methods that were confirmed
};
struct AuditSummary {
  std::map<std::chrono::sys_days, DayCount> days;  // those on which something happened
  std::int64_t users = 0;                          // who logged in
};
[[nodiscard]] Result<AuditSummary> summarize_audit(AuditStore& store, WallTime from, WallTime to);

}  // namespace twinlock

#endif
