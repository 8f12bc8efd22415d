// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_EXIT_STATUS_H
#define TWINLOCK_CLIENT_EXIT_STATUS_H

#include <string_view>

#include "common/result.h"

namespace twinlock::client {

// What the command tells the shell. Numbers are never reused: scripts depend on them
// (EXIT STATUS in twinlock(1)).
enum class ExitStatus : int {
  Done = 0,
  Refused = 1,      // a wrong code, a login that was not granted, a log that does not verify
  BadInput = 2,     // usage, or an argument that cannot be meant
  Unavailable = 3,  // no daemon, no bus, no answer
  Forbidden = 4,    // the caller may not, or has to show an authenticator first
  NotPossible = 5,  // not found, exists already, a limit is reached
  Internal = 6,     // daemon and command do not understand each other
};

[[nodiscard]] ExitStatus exit_status(ErrorCode code);

// The `error` of the JSON object that --json writes to standard error.
[[nodiscard]] std::string_view error_word(ErrorCode code);

}  // namespace twinlock::client

#endif
