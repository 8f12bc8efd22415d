// SPDX-License-Identifier: MIT
#include "daemon/dbus/message_guard.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string_view>

#include "common/login_wire.h"
#include "daemon/dbus/errors.h"

namespace twinlock::dbus {
namespace {

// Answers that wait for the bus to take them: it takes none of ours while callers leave 127 MB of
// them unread.
constexpr std::uint64_t kMostUnsent = 1024;
constexpr std::size_t kKeptBuckets = 4096;

constexpr std::size_t kMostArguments = 16;

// Whether a method of ours, or one that every object has, may take arguments of such types: plain
// ones and byte arrays. To walk through others takes seconds for a message as long as the bus lets
// through (S39).
bool has_known_types(sd_bus_message* message) {
  std::string_view types = sd_bus_message_get_signature(message, 1);
  if (types.size() > kMostArguments) return false;
  while (!types.empty()) {
    const bool is_bytes = types.starts_with("ay");
    if (!is_bytes && std::string_view("subt").find(types.front()) == std::string_view::npos) {
      return false;
    }
    types.remove_prefix(is_bytes ? 2 : 1);
  }
  return true;
}

// The bytes of the texts and byte arrays.
std::size_t argument_bytes(sd_bus_message* message) {
  std::size_t total = 0;
  char type = 0;
  const char* contents = nullptr;
  while (sd_bus_message_peek_type(message, &type, &contents) > 0) {
    const bool is_bytes = type == SD_BUS_TYPE_ARRAY && std::string_view(contents) == "y";
    int result = 0;
    if (type == SD_BUS_TYPE_STRING) {
      const char* text = nullptr;
      result = sd_bus_message_read_basic(message, type, &text);
      if (result > 0) total += std::strlen(text);
    } else if (is_bytes) {
      const void* bytes = nullptr;
      std::size_t size = 0;
      result = sd_bus_message_read_array(message, SD_BUS_TYPE_BYTE, &bytes, &size);
      total += size;
    } else {
      // No argument of ours has another type that could be long: it won't be unpacked.
      result = sd_bus_message_skip(message, nullptr);
    }
    if (result <= 0) break;
  }
  return total;
}

// With a fixed text: the library's own has the path of the call in it, however long that is.
int refuse(sd_bus_message* message, const BusError& error) {
  sd_bus_reply_method_errorf(message, error.name.c_str(), "%s", error.text.c_str());
  return 1;
}

}  // namespace

MessageGuard::MessageGuard(sdbus::IConnection& connection, Callers& callers, EventLog& log)
    : callers_(callers), log_(log) {
  const int result = sd_bus_add_filter(handle_of(connection), &slot_, look_at, this);
  if (result < 0) throw make_error("org.freedesktop.DBus.Error.Failed", strerrordesc_np(-result));
}

int MessageGuard::look_at(sd_bus_message* message, void* guard, sd_bus_error* /*error*/) {
  std::uint8_t type = 0;
  const bool is_call =
      sd_bus_message_get_type(message, &type) >= 0 && type == SD_BUS_MESSAGE_METHOD_CALL;
  if (!is_call) return 0;
  try {
    return static_cast<MessageGuard*>(guard)->judge(message);
  } catch (const std::exception&) {
    return 1;  // no memory: the call falls, its caller's time runs out
  }
}

int MessageGuard::judge(sd_bus_message* message) {
  const char* const sender = sd_bus_message_get_sender(message);
  if (sender == nullptr || is_congested(message) || comes_too_often(sender)) return 1;
  const char* const path = sd_bus_message_get_path(message);
  if (path == nullptr || std::string_view(path) != wire::kObjectPath) {
    return refuse(message, no_such_object());
  }
  if (!has_known_types(message)) return refuse(message, wrong_types());
  return argument_bytes(message) > wire::kMaxArguments ? refuse(message, too_long()) : 0;
}

bool MessageGuard::is_congested(sd_bus_message* message) {
  std::uint64_t unsent = 0;
  sd_bus_get_n_queued_write(sd_bus_message_get_bus(message), &unsent);
  const bool congested = unsent > kMostUnsent;
  if (congested && !congested_) {
    log_.problem(Severity::Alert,
                 "bus",
                 "callers don't read their answers, so that nobody gets any by this name until "
                 "they do or disconnect; logins have a name of their own");
  }
  congested_ = congested;
  return congested;
}

bool MessageGuard::comes_too_often(const std::string& sender) {
  const auto uid = callers_.uid_of(sender);
  if (uid == Uid{0}) return false;
  const auto now = std::chrono::steady_clock::now();
  if (buckets_.size() > kKeptBuckets) {
    std::erase_if(buckets_,
                  [now](const auto& entry) { return entry.second.is_full(kAnswered, now); });
  }
  const auto key = uid ? std::to_string(*uid) : sender;
  return !buckets_.try_emplace(key, kAnswered, now).first->second.take(kAnswered, now);
}

}  // namespace twinlock::dbus
