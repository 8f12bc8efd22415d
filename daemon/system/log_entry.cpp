// SPDX-License-Identifier: MIT
#include "daemon/system/log_entry.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/encoding.h"

namespace twinlock {
namespace {

constexpr std::string_view kMessageIdPrefix = "0f1cb9b5e9a1490caf84d6c7";
constexpr std::string_view kFieldPrefix = "TWINLOCK_";
// Leaves room for the fields themselves within kMaxEntryBytes.
constexpr std::size_t kMaxMessageBytes = 1536;

// The last `digits` of them.
std::string hex_digits(std::uint32_t value, std::size_t digits) {
  std::string text(digits, '0');
  for (auto place = text.rbegin(); place != text.rend(); ++place, value >>= 4U) {
    *place = "0123456789abcdef"[value & 0xFU];
  }
  return text;
}

// `value` with everything that could end a line or a quotation, or show a terminal or an editor
// another line than the one that is there, as \xNN, byte by byte.
std::string encoded(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    const bool quotes = value.front() == '"' || value.front() == '\\';
    const auto length = quotes ? 0 : printable_length(value);
    if (length > 0) {
      out += value.substr(0, length);
    } else {
      out += "\\x" + hex_digits(static_cast<unsigned char>(value.front()), 2);
    }
    value.remove_prefix(std::max<std::size_t>(length, 1));
  }
  if (!out.empty() && out.find(' ') == std::string::npos) return out;
  return '"' + out + '"';
}

// Never ends inside a character of UTF-8, which would make the rest look like a forgery.
std::string bounded(std::string_view value, std::size_t max_bytes) {
  if (value.size() <= max_bytes) return std::string(value);
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;
  return std::string(value.substr(0, end));
}

// "TWINLOCK_METHOD_ID" as "method_id".
std::string short_name(std::string_view name) {
  std::string out;
  for (const char letter : name.substr(kFieldPrefix.size())) {
    out += (letter >= 'A' && letter <= 'Z') ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return out;
}

// "login-denied user=alice …": the event first, then every field of ours.
std::string body_of(const LogEntry& entry) {
  std::string body(value_of(entry, "TWINLOCK_EVENT"));
  for (const auto& field : entry) {
    if (field.name.rfind(kFieldPrefix, 0) != 0 || field.name == "TWINLOCK_EVENT" ||
        field.name == "TWINLOCK_TIME" || field.name == "TWINLOCK_HOST") {
      continue;
    }
    body += ' ' + short_name(field.name) + '=' + encoded(field.value);
  }
  return bounded(body, kMaxMessageBytes);
}

class EntryBuilder {
 public:
  EntryBuilder(Severity severity, std::uint32_t message_number, std::string_view event) {
    add("PRIORITY", std::to_string(static_cast<int>(severity)));
    add("SYSLOG_IDENTIFIER", "twinlockd");
    add("MESSAGE_ID", std::string(kMessageIdPrefix) + hex_digits(message_number, 8));
    add("TWINLOCK_EVENT", event);
  }

  // Leaves out what is empty.
  void add(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    entry_.push_back({std::string(name), bounded(value, kMaxFieldBytes)});
  }

  LogEntry finish() {
    entry_.insert(entry_.begin(), {"MESSAGE", body_of(entry_)});
    return std::move(entry_);
  }

 private:
  LogEntry entry_;
};

std::string_view result_of(AuditEventType type) {
  const auto name = audit_event_name(type);
  for (const std::string_view result : {"granted", "denied", "exempt", "refused"}) {
    if (name.ends_with(result)) return result;
  }
  return "";
}

}  // namespace

LogEntry entry_of(const AuditEvent& event, std::string_view host) {
  EntryBuilder entry(
      severity_of(event), static_cast<std::uint32_t>(event.type), audit_event_name(event.type));
  entry.add("TWINLOCK_TIME", utc_text(event.time));
  entry.add("TWINLOCK_RESULT", result_of(event.type));
  entry.add("TWINLOCK_REASON", reason_name(event.reason));
  entry.add("TWINLOCK_USER", event.user);
  if (event.uid) entry.add("TWINLOCK_UID", std::to_string(*event.uid));
  entry.add("TWINLOCK_SERVICE", event.service);
  entry.add("TWINLOCK_SOURCE", event.source);
  entry.add("TWINLOCK_HOST", host);
  if (event.method_type) entry.add("TWINLOCK_METHOD_TYPE", method_type_name(*event.method_type));
  if (event.method_id) entry.add("TWINLOCK_METHOD_ID", to_text(*event.method_id));
  entry.add("TWINLOCK_CONVERSATION", event.conversation);
  entry.add("TWINLOCK_ACTOR", event.actor);
  entry.add("TWINLOCK_DETAIL", event.detail);
  return entry.finish();
}

LogEntry entry_of_problem(Severity severity, std::string_view area, std::string_view text) {
  constexpr std::uint32_t kProblemNumber = 0;  // no audit event has it
  EntryBuilder entry(severity, kProblemNumber, "problem");
  entry.add("TWINLOCK_AREA", area);
  entry.add("TWINLOCK_DETAIL", text);
  return entry.finish();
}

std::string line_of(const LogEntry& entry, WallTime now) {
  return utc_text(now) + " twinlockd: " + std::string(value_of(entry, "MESSAGE"));
}

std::string_view value_of(const LogEntry& entry, std::string_view name) {
  for (const auto& field : entry) {
    if (field.name == name) return field.value;
  }
  return {};
}

}  // namespace twinlock
