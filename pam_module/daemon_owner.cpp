// SPDX-License-Identifier: MIT
#include "pam_module/daemon_owner.h"

#include <pwd.h>

#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

#include "common/login_wire.h"
#include "pam_module/wire_reader.h"

namespace twinlock::pam {
namespace {

constexpr std::string_view kNobody = "org.freedesktop.DBus.Error.NameHasNoOwner";

constexpr const char* kDaemonUser = "twinlock";  // systemd/sysusers.d
constexpr std::size_t kFirstBuffer = 1024;
constexpr std::size_t kLargestBuffer = 65536;

// A method of the bus itself, about `name`.
MethodCall bus_method(std::string_view member, std::string_view signature, std::string_view name) {
  MethodCall call({kBusItself, "/org/freedesktop/DBus", kBusItself, member, signature});
  call.add(name);
  return call;
}

// Where the bus can't start it either, this fails at once.
Result<BusMessage> start_daemon(BusConnection& bus, TimePoint deadline) {
  auto start = bus_method("StartServiceByName", "su", wire::kRootBusName);
  start.add(std::uint32_t{0});  // no flags are defined
  const auto started = bus.await(bus.post(start), kBusItself, deadline);
  if (bus.failure()) return *bus.failure();
  if (started.error_name.empty()) {
    return bus.await(post_owner_question(bus), kBusItself, deadline);
  }
  return Error{ErrorCode::NotFound,
               "the daemon is not running and could not be started: " + started.error_name};
}

Result<uid_t> owner_uid(BusConnection& bus, const std::string& owner, TimePoint deadline) {
  auto call = bus_method("GetConnectionUnixUser", "s", owner);
  const auto reply = bus.await(bus.post(call), kBusItself, deadline);
  if (bus.failure()) return *bus.failure();
  if (!reply.error_name.empty()) {
    return Error{ErrorCode::Unavailable, "the daemon went away: " + reply.error_name};
  }
  WireReader reader(reply.body);
  const uid_t uid = reader.number();
  if (reply.signature != "u" || !reader.at_end())
    return Error{ErrorCode::Internal, "the message bus names no uid"};
  return uid;
}

std::optional<uid_t> look_up_daemon() {
  for (auto size = kFirstBuffer; size <= kLargestBuffer; size *= 4) {
    std::vector<char> buffer(size);
    passwd entry{};
    passwd* found = nullptr;
    const int error = getpwnam_r(kDaemonUser, &entry, buffer.data(), buffer.size(), &found);
    if (error == ERANGE) continue;
    if (error != 0 || found == nullptr) return std::nullopt;
    return entry.pw_uid;
  }
  return std::nullopt;
}

}  // namespace

bool TrustedOwner::contains(uid_t uid) {
  if (uid == 0) return true;
  if (!looked_up_) daemon_ = look_up_daemon();
  looked_up_ = true;
  return daemon_ == uid;
}

std::uint32_t post_owner_question(BusConnection& bus) {
  auto call = bus_method("GetNameOwner", "s", wire::kRootBusName);
  return bus.post(call);
}

Result<std::string> await_daemon(BusConnection& bus,
                                 std::uint32_t question,
                                 TrustedOwner& trusted,
                                 TimePoint deadline) {
  Result<BusMessage> reply = bus.await(question, kBusItself, deadline);
  if (reply->error_name == kNobody) reply = start_daemon(bus, deadline);
  if (!reply) return reply.error();
  if (bus.failure()) return *bus.failure();
  if (reply->error_name == kNobody) return Error{ErrorCode::NotFound, "the daemon is not running"};
  WireReader reader(reply->body);
  const std::string owner(reader.text());
  if (!reply->error_name.empty() || reply->signature != "s" || !owner.starts_with(':')) {
    return Error{ErrorCode::Internal, "the message bus names no owner " + reply->error_name};
  }

  const auto uid = owner_uid(bus, owner, deadline);
  if (!uid) return uid.error();
  if (trusted.contains(*uid)) return owner;
  return Error{ErrorCode::Internal,
               "the daemon's bus name belongs to uid " + std::to_string(*uid) +
                   ", which is not the daemon's"};
}

}  // namespace twinlock::pam
