// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_LOG_ENTRY_H
#define TWINLOCK_DAEMON_SYSTEM_LOG_ENTRY_H

#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/audit_event.h"
#include "daemon/domain/instant.h"

namespace twinlock {

// One log record as journald's fields, before it is sent anywhere. A value is bounded and, as a
// field of the native protocol or encoded by line_of(), can't forge another (S125).
struct LogField {
  std::string name;  // as systemd.journal-fields(7) spells names
  std::string value;
};
using LogEntry = std::vector<LogField>;

constexpr std::size_t kMaxFieldBytes = 256;
constexpr std::size_t kMaxEntryBytes = 4096;

// The fields of S126. Each kind of event has a MESSAGE_ID of its own: the project's 96 bits and the
// event's number. MESSAGE repeats the fields for whoever reads the journal with its defaults.
[[nodiscard]] LogEntry entry_of(const AuditEvent& event, std::string_view host);

// Something that went wrong inside.
[[nodiscard]] LogEntry entry_of_problem(Severity severity,
                                        std::string_view area,
                                        std::string_view text);

// The record as a line for a terminal or a file: "2026-11-21T23:10:00.000Z login-denied user=…".
[[nodiscard]] std::string line_of(const LogEntry& entry, WallTime now);

// The value of a field; empty if there is none.
[[nodiscard]] std::string_view value_of(const LogEntry& entry, std::string_view name);

}  // namespace twinlock

#endif
