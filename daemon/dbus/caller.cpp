// SPDX-License-Identifier: MIT
#include "daemon/dbus/caller.h"

#include <cstddef>

namespace twinlock::dbus {
namespace {

constexpr auto kNobodyKnown = static_cast<uid_t>(-1);
// Gone connections are not forgotten one by one; the rest are asked about again.
constexpr std::size_t kMostKnown = 4096;

}  // namespace

std::optional<Caller> Callers::current(const sdbus::IObject& object) {
  try {
    const auto& message = current_message(object);
    const std::string name = message.getSender();
    if (name.empty()) return std::nullopt;
    auto found = known_.find(name);
    if (found == known_.end()) {
      const uid_t uid = message.getCredsEuid();
      if (uid == kNobodyKnown) return std::nullopt;
      if (known_.size() >= kMostKnown) known_.clear();
      found = known_.emplace(name, uid).first;
    }
    return Caller{found->second, name, MessageHandle::allows_interaction(message)};
  } catch (const sdbus::Error&) {
    return std::nullopt;  // gone already, or the bus doesn't answer
  }
}

}  // namespace twinlock::dbus
