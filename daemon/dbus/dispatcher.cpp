// SPDX-License-Identifier: MIT
#include "daemon/dbus/dispatcher.h"

#include <unistd.h>

namespace twinlock::dbus {

BusError Dispatcher::reported(const Error& error, const char* method) {
  const bool is_ours = error.code == ErrorCode::Internal || error.code == ErrorCode::Unavailable;
  if (!is_ours) return bus_error(error, "");
  // The process and a count: unique for as long as anybody compares a log with a screen.
  const auto correlation = std::to_string(getpid()) + '-' + std::to_string(++failures_);
  log_.problem(error.code == ErrorCode::Internal ? Severity::Alert : Severity::Warning,
               "call",
               correlation + ' ' + method + ": " + error.detail);
  return bus_error(error, correlation);
}

void Dispatcher::note_refusal(const char* method, const Caller& caller) {
  log_.problem(Severity::Notice,
               "access",
               std::string(method) + " refused to uid " + std::to_string(caller.uid));
}

}  // namespace twinlock::dbus
