// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_SESSION_H
#define TWINLOCK_CLIENT_SESSION_H

#include "client/daemon_proxy.h"
#include "client/output.h"
#include "client/terminal.h"

namespace twinlock::client {

// What every command works with: the daemon on one side, a person or a program on
// the other.
struct Session {
  DaemonProxy& daemon;
  Terminal& terminal;
  Output& output;
};

}  // namespace twinlock::client

#endif
