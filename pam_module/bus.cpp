// SPDX-License-Identifier: MIT
#include "pam_module/bus.h"

#include <pwd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

#include "common/login_wire.h"

namespace twinlock::pam {
namespace {

constexpr const char* kStart = "StartServiceByName";

constexpr const char* kDaemonUser = "twinlock";  // systemd/sysusers.d
constexpr std::size_t kFirstBuffer = 1024;
constexpr std::size_t kLargestBuffer = 65536;

struct BusError {
  sd_bus_error value{};  // SD_BUS_ERROR_NULL, which is not C++

  BusError() = default;
  BusError(const BusError&) = delete;
  BusError& operator=(const BusError&) = delete;
  BusError(BusError&&) = delete;
  BusError& operator=(BusError&&) = delete;
  ~BusError() { sd_bus_error_free(&value); }

  [[nodiscard]] bool is(const char* name) const { return sd_bus_error_has_name(&value, name) != 0; }
  [[nodiscard]] std::string name() const { return value.name == nullptr ? "" : value.name; }
};

// libsystemd takes 0 as "your default" and reads an environment variable for it.
std::uint64_t microseconds_until(TimePoint deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
      deadline - std::chrono::steady_clock::now());
  return static_cast<std::uint64_t>(std::max<std::int64_t>(left.count(), 1));
}

bool is_disconnection(int result) {
  return result == -ECONNRESET || result == -ENOTCONN || result == -EPIPE || result == -ESHUTDOWN;
}

Error sd_error(int result, const char* what) {
  if (result == -ENOMEM) throw std::bad_alloc();
  const auto code = is_disconnection(result) ? ErrorCode::Unavailable : ErrorCode::Internal;
  return {code, std::string(what) + ": " + strerrordesc_np(-result)};
}

Error connection_error(int result, const std::string& address) {
  if (result == -ENOMEM) throw std::bad_alloc();
  // A full queue of new connections (unix(7)) is over in a moment; a missing socket isn't.
  const bool busy = result == -EAGAIN || is_disconnection(result);
  return {busy ? ErrorCode::Unavailable : ErrorCode::NotFound,
          "no message bus at " + address + ": " + strerrordesc_np(-result)};
}

// The reply's error, told apart: gone, or anything else.
Error call_error(int result, const BusError& error) {
  if (result == -ENOMEM) throw std::bad_alloc();
  const bool gone = is_disconnection(result) || error.is(SD_BUS_ERROR_NO_REPLY) ||
                    error.is(SD_BUS_ERROR_SERVICE_UNKNOWN) ||
                    error.is(SD_BUS_ERROR_NAME_HAS_NO_OWNER) || error.is(SD_BUS_ERROR_DISCONNECTED);
  return {gone ? ErrorCode::Unavailable : ErrorCode::Internal,
          "the daemon did not answer as it should: " + error.name() + " (" +
              strerrordesc_np(-result) + ")"};
}

Result<BusMessage> call_raw(sd_bus* bus,
                            sd_bus_message* message,
                            BusError& error,
                            TimePoint deadline) {
  if (std::chrono::steady_clock::now() >= deadline) {
    return Error{ErrorCode::Internal, "no time was left for another call"};
  }
  sd_bus_message* raw = nullptr;
  const int result = sd_bus_call(bus, message, microseconds_until(deadline), &error.value, &raw);
  BusMessage reply(raw);
  if (result < 0) return call_error(result, error);

  std::uint8_t type = 0;
  const char* const sender = sd_bus_message_get_sender(raw);
  const char* const expected = sd_bus_message_get_destination(message);
  if (sd_bus_message_get_type(raw, &type) < 0 || type != SD_BUS_MESSAGE_METHOD_RETURN ||
      sender == nullptr || expected == nullptr || std::string_view(sender) != expected) {
    return Error{ErrorCode::Internal, "a reply came from somebody else"};
  }
  return reply;
}

// Calls a method of the bus itself that takes a name.
Result<BusMessage> ask_bus(
    sd_bus* bus, const char* method, const char* name, BusError& error, TimePoint deadline) {
  sd_bus_message* raw = nullptr;
  int result = sd_bus_message_new_method_call(
      bus, &raw, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method);
  const BusMessage message(raw);
  if (result >= 0) result = sd_bus_message_append(raw, "s", name);
  if (result >= 0 && std::string_view(method) == kStart) {
    result = sd_bus_message_append(raw, "u", 0);  // no flags are defined
  }
  if (result < 0) return sd_error(result, method);
  return call_raw(bus, raw, error, deadline);
}

Result<std::string> name_owner(sd_bus* bus, TimePoint deadline) {
  BusError error;
  const auto reply = ask_bus(bus, "GetNameOwner", wire::kRootBusName, error, deadline);
  if (!reply && error.is(SD_BUS_ERROR_NAME_HAS_NO_OWNER)) {
    return Error{ErrorCode::NotFound, "the daemon is not running"};
  }
  if (!reply) return reply.error();
  const char* owner = nullptr;
  const int result = sd_bus_message_read(reply->get(), "s", &owner);
  if (result <= 0) return sd_error(std::min(result, -EBADMSG), "GetNameOwner");
  return std::string(owner);
}

// Where the bus can't start it either, this fails at once.
Result<std::string> start_daemon(sd_bus* bus, TimePoint deadline) {
  BusError error;
  const auto started = ask_bus(bus, kStart, wire::kRootBusName, error, deadline);
  if (started) return name_owner(bus, deadline);
  return Error{ErrorCode::NotFound,
               "the daemon is not running and could not be started: " + error.name()};
}

Result<uid_t> owner_uid(sd_bus* bus, const std::string& owner, TimePoint deadline) {
  BusError error;
  const auto reply = ask_bus(bus, "GetConnectionUnixUser", owner.c_str(), error, deadline);
  if (!reply) return Error{ErrorCode::Unavailable, "the daemon went away: " + error.name()};
  std::uint32_t uid = 0;
  const int result = sd_bus_message_read(reply->get(), "u", &uid);
  if (result <= 0) return sd_error(std::min(result, -EBADMSG), "GetConnectionUnixUser");
  return uid_t{uid};
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

Status check_sd(int result, const char* what) {
  if (result >= 0) return Done{};
  return sd_error(result, what);
}

Result<Bus> connect(const std::string& address, TimePoint deadline) {
  sd_bus* raw = nullptr;
  int result = sd_bus_new(&raw);
  Bus bus(raw);
  if (result >= 0) result = sd_bus_set_address(raw, address.c_str());
  if (result >= 0) result = sd_bus_set_bus_client(raw, 1);
  if (result >= 0) result = sd_bus_negotiate_fds(raw, 0);
  if (result >= 0) result = sd_bus_set_method_call_timeout(raw, microseconds_until(deadline));
  if (result >= 0) result = sd_bus_start(raw);
  // sd_bus_call() would wait for the bus's greeting without a limit.
  while (result >= 0 && (result = sd_bus_is_ready(raw)) == 0) {
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error{ErrorCode::Internal, "the message bus at " + address + " does not answer"};
    }
    result = sd_bus_process(raw, nullptr);
    if (result == 0) result = sd_bus_wait(raw, microseconds_until(deadline));
    if (result == -EINTR) result = 0;
  }
  if (result < 0) return connection_error(result, address);
  return bus;
}

Result<DaemonConnection> find_daemon(sd_bus* bus, TrustedOwner& trusted, TimePoint deadline) {
  auto owner = name_owner(bus, deadline);
  if (!owner && owner.error().code == ErrorCode::NotFound) owner = start_daemon(bus, deadline);
  if (!owner) return owner.error();

  const auto uid = owner_uid(bus, *owner, deadline);
  if (!uid) return uid.error();
  if (!trusted.contains(*uid)) {
    return Error{ErrorCode::Internal,
                 "the daemon's bus name belongs to uid " + std::to_string(*uid) +
                     ", which is not the daemon's"};
  }
  DaemonConnection daemon{{}, *std::move(owner)};
  const auto identified = check_sd(sd_bus_get_bus_id(bus, &daemon.bus), "the bus's id");
  if (!identified) return identified.error();
  return daemon;
}

bool is_on(sd_bus* bus, const DaemonConnection& daemon) {
  sd_id128_t id{};
  return sd_bus_get_bus_id(bus, &id) >= 0 && sd_id128_equal(id, daemon.bus) != 0;
}

Result<BusMessage> new_call(sd_bus* bus, const std::string& destination, const char* method) {
  sd_bus_message* raw = nullptr;
  const int result = sd_bus_message_new_method_call(
      bus, &raw, destination.c_str(), wire::kObjectPath, wire::kLoginInterface, method);
  BusMessage message(raw);
  if (result < 0) return sd_error(result, method);
  return message;
}

Result<BusMessage> call(sd_bus* bus, sd_bus_message* message, TimePoint deadline) {
  BusError error;
  return call_raw(bus, message, error, deadline);
}

}  // namespace twinlock::pam
