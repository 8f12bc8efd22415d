// SPDX-License-Identifier: MIT
#include "daemon/dbus/dispatcher.h"

#include <unistd.h>

#include <atomic>

namespace twinlock::dbus {

BusError Dispatcher::reported(const Error& error, const char* method) {
  const bool is_ours = error.code == ErrorCode::Internal || error.code == ErrorCode::Unavailable;
  if (!is_ours) return bus_error(error, "");
  // The process and a count: unique for as long as anybody compares a log with a screen.
  static std::atomic<unsigned> failures{0};
  const auto correlation = std::to_string(getpid()) + '-' + std::to_string(++failures);
  log_.problem(error.code == ErrorCode::Internal ? Severity::Alert : Severity::Warning,
               "call",
               correlation + ' ' + method + ": " + error.detail);
  return bus_error(error, correlation);
}

BusError Dispatcher::unidentified(const Callers::Identified& identified) {
  const auto* const reason = std::get_if<Unidentified>(&identified);
  const bool is_crowd = reason != nullptr && *reason == Unidentified::TooMany;
  return is_crowd ? refusal(Admission::TooMany) : access_denied();
}

void Dispatcher::note_refusal(const char* method, const Caller& caller) {
  log_.problem(Severity::Notice,
               "access",
               std::string(method) + " refused to uid " + std::to_string(caller.uid));
}

}  // namespace twinlock::dbus
