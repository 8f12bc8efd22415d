// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_APPLICATION_H
#define TWINLOCK_DAEMON_APPLICATION_H

#include <string>

#include "common/result.h"
#include "daemon/settings.h"

namespace twinlock {

inline constexpr const char* kVersion = TWINLOCK_VERSION;  // the project's, from CMakeLists.txt

// How twinlockd ends, as sysexits.h counts; twinlockd(8) lists them.
enum class ExitCode {
  Done = 0,
  Usage = 64,
  Refused = 65,
  KeyUnusable = 66,
  StoreUnusable = 69,
  Bug = 70,
  BusUnusable = 71,
  ListenerUnusable = 73,
  Stuck = 74,  // something didn't end when it was asked to
  BusLost = 75,
  BadSettings = 78,
};

// Where the master key is: the file that the settings name, else the systemd credential, else
// /etc/twinlock/master.key.
[[nodiscard]] std::string key_file_of(const Settings& settings);

// Which interfaces a process serves; none: the bus, and HTTP where the settings have a table
// [http].
struct Interfaces {
  bool bus = false;
  bool http = false;
};

// The daemon, from its settings to the last answer. Returns when a signal ends it, when one of its
// interfaces is lost, as the bus may be (S45), or when it can't start; the last two say on standard
// error what, where and what to do.
[[nodiscard]] ExitCode serve(const std::string& settings_file, const Interfaces& interfaces);

}  // namespace twinlock

#endif
