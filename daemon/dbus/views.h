// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_VIEWS_H
#define TWINLOCK_DAEMON_DBUS_VIEWS_H

#include <cstdint>
#include <string>
#include <vector>

#include "common/result.h"
#include "daemon/dbus/sdbus_compat.h"
#include "daemon/domain/administration.h"
#include "daemon/domain/api_client.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/authentication_method.h"
#include "daemon/domain/enrollment.h"

// What the domain knows, in the forms of common/dbus/*.xml.
namespace twinlock::dbus {

// (id, type, name, created, confirmed, last used, flags)
using WireMethod = sdbus::Struct<std::string,
                                 std::string,
                                 std::string,
                                 std::int64_t,
                                 std::int64_t,
                                 std::int64_t,
                                 std::vector<std::string>>;

// As `account` sees them: what another uid enrolled is flagged, and what has its factor off.
[[nodiscard]] std::vector<WireMethod> to_wire(const std::vector<AuthenticationMethod>& methods,
                                              const Account& account,
                                              const std::vector<Factor>& enabled);

[[nodiscard]] std::string to_json(const AccountStatus& status);

// With the keys of docs/audit-log.md.
[[nodiscard]] std::string to_json(const AuditRecord& record);

// With the keys that Administration1.ListApiClients has; no hash of a secret among them.
[[nodiscard]] std::string to_json(const ApiClient& client);

struct DaemonState {
  std::string version;
  WallTime started;
  RuntimeSettings settings;
  std::uint64_t accounts;
  std::vector<AuditRecord> newest;  // one at most
};

[[nodiscard]] std::string to_json(const DaemonState& state);

// Arguments of EnrollOtp; InvalidInput names the one that is wrong.
struct OtpArguments {
  std::string type;
  std::string name;
  std::string algorithm;
  std::uint32_t digits;
  std::uint32_t period;
};

[[nodiscard]] Result<OtpRequest> parse_otp(const OtpArguments& arguments);
[[nodiscard]] Result<MethodId> parse_method_id(const std::string& text);

}  // namespace twinlock::dbus

#endif
