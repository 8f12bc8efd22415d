// SPDX-License-Identifier: MIT
//
// The one table from error names on the bus to what the command says and returns.
#include <algorithm>
#include <array>

#include "client/daemon_proxy.h"
#include "client/text.h"

namespace twinlock::client {
namespace {

struct Meaning {
  std::string_view name;
  ErrorCode code;
  std::string_view text;  // empty: the daemon's own text, which it made for people (S43)
};

constexpr std::string_view kNotRunning =
    "twinlockd is not running on this machine: systemctl start twinlockd";
constexpr std::string_view kNoAnswer =
    "twinlockd did not answer in time. Try again; if it stays so: systemctl status twinlockd";
constexpr std::string_view kOtherVersion =
    "twinlockd and twinlock are of different versions: install the same version of both, then "
    "systemctl restart twinlockd";
constexpr std::string_view kNotAllowed =
    "That is not allowed for you. Administration needs root: try it with sudo.";

constexpr std::array kMeanings{
    Meaning{"org.twinlock.Error.InvalidInput", ErrorCode::InvalidInput, ""},
    Meaning{"org.twinlock.Error.NotFound", ErrorCode::NotFound, ""},
    Meaning{"org.twinlock.Error.Conflict", ErrorCode::Conflict, ""},
    Meaning{"org.twinlock.Error.LimitExceeded", ErrorCode::LimitExceeded, ""},
    Meaning{"org.twinlock.Error.Forbidden", ErrorCode::Forbidden, ""},
    Meaning{"org.twinlock.Error.ProofRequired", ErrorCode::ProofRequired, ""},
    Meaning{"org.twinlock.Error.WrongCode", ErrorCode::Forbidden, ""},
    Meaning{"org.twinlock.Error.Unavailable", ErrorCode::Unavailable, ""},
    Meaning{"org.twinlock.Error.Internal", ErrorCode::Internal, ""},
    Meaning{"org.freedesktop.DBus.Error.ServiceUnknown", ErrorCode::Unavailable, kNotRunning},
    Meaning{"org.freedesktop.DBus.Error.NameHasNoOwner", ErrorCode::Unavailable, kNotRunning},
    Meaning{"org.freedesktop.DBus.Error.NoReply", ErrorCode::Unavailable, kNoAnswer},
    Meaning{"org.freedesktop.DBus.Error.Timeout", ErrorCode::Unavailable, kNoAnswer},
    Meaning{"org.freedesktop.DBus.Error.TimedOut", ErrorCode::Unavailable, kNoAnswer},
    Meaning{"org.freedesktop.DBus.Error.LimitsExceeded",
            ErrorCode::LimitExceeded,
            "Too many requests at once. Wait a moment and try again."},
    Meaning{"org.freedesktop.DBus.Error.AccessDenied", ErrorCode::Forbidden, kNotAllowed},
    Meaning{"org.freedesktop.DBus.Error.AuthFailed", ErrorCode::Forbidden, kNotAllowed},
    Meaning{"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired",
            ErrorCode::Forbidden,
            kNotAllowed},
    Meaning{"org.freedesktop.DBus.Error.UnknownMethod", ErrorCode::Internal, kOtherVersion},
    Meaning{"org.freedesktop.DBus.Error.UnknownInterface", ErrorCode::Internal, kOtherVersion},
    Meaning{"org.freedesktop.DBus.Error.UnknownObject", ErrorCode::Internal, kOtherVersion},
    Meaning{"org.freedesktop.DBus.Error.InvalidArgs", ErrorCode::Internal, kOtherVersion},
    Meaning{"org.freedesktop.DBus.Error.InvalidSignature", ErrorCode::Internal, kOtherVersion},
};

}  // namespace

Error error_from_bus(std::string_view name, std::string_view text) {
  const auto* const known = std::find_if(
      kMeanings.begin(), kMeanings.end(), [name](const Meaning& m) { return m.name == name; });
  if (known != kMeanings.end()) {
    return Error{known->code, known->text.empty() ? label(text) : std::string(known->text)};
  }
  // The bus could not start it, or went away while we asked.
  if (name.starts_with("org.freedesktop.DBus.Error.Spawn.")) {
    return Error{ErrorCode::Unavailable, std::string(kNotRunning)};
  }
  return Error{ErrorCode::Unavailable,
               "The bus did not carry the request (" + label(name) + "): " + label(text)};
}

}  // namespace twinlock::client
