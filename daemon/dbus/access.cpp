// SPDX-License-Identifier: MIT
#include "daemon/dbus/access.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace twinlock::dbus {
namespace {

constexpr const char* kPolkitName = "org.freedesktop.PolicyKit1";
constexpr const char* kPolkitPath = "/org/freedesktop/PolicyKit1/Authority";
constexpr const char* kPolkitInterface = "org.freedesktop.PolicyKit1.Authority";
constexpr const char* kAction = "org.twinlock.administer";
constexpr std::uint32_t kAllowUserInteraction = 1;
constexpr std::chrono::seconds kPolkitLimit{25};

using Subject = sdbus::Struct<std::string, std::map<std::string, sdbus::Variant>>;
using Authorization = sdbus::Struct<bool, bool, std::map<std::string, std::string>>;

// On a connection of its own: a call that waits on the daemon's would hold the bus thread's lock.
Access ask_polkit(const Caller& caller) {
  const auto connection = sdbus::createSystemBusConnection();
  const auto authority = create_proxy(*connection, kPolkitName, kPolkitPath);
  const Subject subject("system-bus-name", {{"name", sdbus::Variant(caller.bus_name)}});
  Authorization result;
  authority->callMethod("CheckAuthorization")
      .onInterface(kPolkitInterface)
      .withTimeout(kPolkitLimit)
      .withArguments(subject,
                     std::string(kAction),
                     std::map<std::string, std::string>(),
                     caller.allows_interaction ? kAllowUserInteraction : std::uint32_t{0},
                     std::string())
      .storeResultsTo(result);
  return std::get<0>(result) ? Access::Allowed : Access::Denied;
}

}  // namespace

Access RootOnly::judge(const Caller& caller) {
  return caller.uid == 0 ? Access::Allowed : Access::Denied;
}

Access Anybody::judge(const Caller&) { return Access::Allowed; }

Access RootOrPolkit::judge(const Caller& caller) {
  if (caller.uid == 0) return Access::Allowed;
  try {
    return ask_polkit(caller);
  } catch (const sdbus::Error& error) {
    log_.problem(Severity::Notice, "polkit", error.getName());
    return Access::Denied;
  }
}

}  // namespace twinlock::dbus
