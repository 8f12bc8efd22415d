// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_LOG_VIEW_H
#define TWINLOCK_DAEMON_HTTP_LOG_VIEW_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/audit_event.h"
#include "daemon/http/json.h"

// Records of the audit log in the form of Auth0's (§4.1 of the contract).
namespace twinlock::http {

// "gd_auth_failed"; what Auth0 has no word for is "tl_" and our own.
[[nodiscard]] std::string log_type(const AuditEvent& event);

// "900", the time to the millisecond, and the record's number in 36 digits: sorts by time.
[[nodiscard]] std::string log_id(const AuditRecord& record);
// The number in what may be such an id; whether it is that record's, log_id() tells.
[[nodiscard]] std::optional<std::uint64_t> sequence_in(std::string_view id);

// What a record doesn't say itself.
struct LogContext {
  std::string host;
  std::map<std::string, std::string> client_names;  // by id; of those that were not deleted
};

[[nodiscard]] Json log_view(const AuditRecord& record, const LogContext& context);

// What a query may ask a record for, and what it has there.
[[nodiscard]] const std::vector<std::string_view>& log_fields();
[[nodiscard]] std::vector<std::string> log_values(const AuditRecord& record,
                                                  const std::string& host,
                                                  std::string_view field);

}  // namespace twinlock::http

#endif
