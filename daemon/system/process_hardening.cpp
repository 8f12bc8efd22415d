// SPDX-License-Identifier: MIT
#include "daemon/system/process_hardening.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace twinlock {
namespace {

Error failure(const char* what) {
  return {ErrorCode::Unavailable,
          std::string(what) + ": " + std::generic_category().message(errno)};
}

}  // namespace

Status harden_process() {
  int descriptor = 0;
  do {
    descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return failure("/dev/null can't be opened");
    // The three standard ones are meant to be inherited, unlike every other.
    if (descriptor <= STDERR_FILENO) fcntl(descriptor, F_SETFD, 0);
  } while (descriptor <= STDERR_FILENO);
  close(descriptor);

  umask(0077);
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return failure("the process can't be made undumpable");
  // Lowering a limit needs no privilege; where the unit's filter forbids the call, its LimitCORE=0
  // has done the same.
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0 && errno != EPERM) return failure("the core limit");
  return Done{};
}

}  // namespace twinlock
