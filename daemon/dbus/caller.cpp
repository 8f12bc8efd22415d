// SPDX-License-Identifier: MIT
#include "daemon/dbus/caller.h"

#include <chrono>
#include <utility>

namespace twinlock::dbus {
namespace {

constexpr std::chrono::seconds kLimit{5};  // as long as a front end waits

constexpr auto kNobodyKnown = static_cast<Uid>(-1);
// Gone connections are not forgotten one by one; the rest are asked about again.
constexpr std::size_t kMostKnown = 4096;
// Calls that wait for the bus's answer, each with up to wire::kMaxArguments bytes.
constexpr std::size_t kMostWaitingOfOne = 64;
constexpr std::size_t kMostWaiting = 1024;

}  // namespace

Callers::Callers(sdbus::IConnection& connection) : bus_(create_bus_proxy(connection)) {}

void Callers::identify(const sdbus::IObject& object, Then then) {
  const auto& message = current_message(object);
  const std::string name = message.getSender();
  if (name.empty()) return then(Unidentified::Gone);
  const bool interaction = MessageHandle::allows_interaction(message);
  const auto found = known_.find(name);
  if (found != known_.end()) return then(Caller{found->second, name, interaction});

  if (waiting_ >= kMostWaiting) return then(Unidentified::TooMany);
  const auto [asked, is_first] = asked_.try_emplace(name);
  auto& calls = asked->second;
  if (calls.size() >= kMostWaitingOfOne) return then(Unidentified::TooMany);
  calls.push_back({interaction, std::move(then)});
  ++waiting_;
  if (is_first) ask(name);
}

std::optional<Uid> Callers::uid_of(const std::string& name) {
  const auto found = known_.find(name);
  if (found != known_.end()) return found->second;
  if (asked_.size() < kMostWaiting && asked_.try_emplace(name).second) ask(name);
  return std::nullopt;
}

void Callers::ask(const std::string& name) {
  try {
    call_async<std::uint32_t>(
        *bus_,
        kBusItself,
        "GetConnectionUnixUser",
        kLimit,
        [this, name](std::optional<std::uint32_t> uid) { learn(name, uid); },
        name);
  } catch (const sdbus::Error&) {
    learn(name, std::nullopt);
  }
}

void Callers::learn(const std::string& name, std::optional<Uid> uid) {
  const auto asked = asked_.extract(name);
  if (asked.empty()) return;
  waiting_ -= asked.mapped().size();
  if (uid == kNobodyKnown) uid.reset();
  if (uid) {
    if (known_.size() >= kMostKnown) known_.clear();
    known_.emplace(name, *uid);
  }
  for (const auto& call : asked.mapped()) {
    if (uid) {
      call.then(Caller{*uid, name, call.allows_interaction});
    } else {
      call.then(Unidentified::Gone);
    }
  }
}

}  // namespace twinlock::dbus
