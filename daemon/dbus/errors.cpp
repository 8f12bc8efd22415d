// SPDX-License-Identifier: MIT
#include "daemon/dbus/errors.h"

#include <utility>

#include "common/encoding.h"
#include "common/login_wire.h"

namespace twinlock::dbus {
namespace {

constexpr std::string_view kUnavailable =
    "The service can't answer now. Try again later; the log says why, at ";
constexpr std::string_view kInternal = "Something went wrong in twinlockd. The log says what, at ";

BusError of_ours(const char* name, std::string text) {
  return {std::string("org.twinlock.Error.") + name, std::move(text)};
}

std::string with(std::string_view text, std::string_view correlation) {
  return std::string(text) + std::string(correlation) + '.';
}

}  // namespace

BusError bus_error(const Error& error, std::string_view correlation) {
  const auto text = printable(error.detail, wire::kMaxMessage);
  switch (error.code) {
    case ErrorCode::InvalidInput:
      return of_ours("InvalidInput", text);
    case ErrorCode::NotFound:
      return of_ours("NotFound", text);
    case ErrorCode::Conflict:
      return of_ours("Conflict", text);
    case ErrorCode::Forbidden:
      return of_ours("Forbidden", text);
    case ErrorCode::ProofRequired:
      return of_ours("ProofRequired", text);
    case ErrorCode::LimitExceeded:
      return of_ours("LimitExceeded", text);
    case ErrorCode::Unavailable:
      return of_ours("Unavailable", with(kUnavailable, correlation));
    case ErrorCode::Internal:
      break;
  }
  return of_ours("Internal", with(kInternal, correlation));
}

BusError refusal(Admission admission) {
  switch (admission) {
    case Admission::TooFast:
      return {"org.freedesktop.DBus.Error.LimitsExceeded", "Too many calls. Wait a moment."};
    case Admission::TooMany:
      return {"org.freedesktop.DBus.Error.LimitsExceeded", "Too many calls at the same time."};
    case Admission::Closed:
    case Admission::Accepted:
      break;
  }
  return of_ours("Unavailable", "The service is ending. Try again in a moment.");
}

BusError access_denied() {
  return {"org.freedesktop.DBus.Error.AccessDenied", "You may not call this."};
}

BusError too_long() {
  return of_ours("InvalidInput",
                 "The arguments have more than " + std::to_string(wire::kMaxArguments) + " bytes.");
}

BusError wrong_types() {
  return {"org.freedesktop.DBus.Error.InvalidArgs",
          "No method here takes arguments of these types."};
}

BusError no_such_object() {
  return {"org.freedesktop.DBus.Error.UnknownObject",
          std::string("There is only ") + wire::kObjectPath + '.'};
}

BusError wrong_code() { return of_ours("WrongCode", "That code is not right."); }

}  // namespace twinlock::dbus
