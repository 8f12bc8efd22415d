// SPDX-License-Identifier: MIT
#include "daemon/dbus/caller.h"

namespace twinlock::dbus {

std::optional<Caller> current_caller(const sdbus::IObject& object) {
  constexpr auto kNobodyKnown = static_cast<uid_t>(-1);
  try {
    const auto& message = current_message(object);
    const uid_t uid = message.getCredsEuid();
    const std::string name = message.getSender();
    if (uid == kNobodyKnown || name.empty()) return std::nullopt;
    return Caller{uid, name, MessageHandle::allows_interaction(message)};
  } catch (const sdbus::Error&) {
    return std::nullopt;  // gone already, or the bus doesn't answer
  }
}

}  // namespace twinlock::dbus
