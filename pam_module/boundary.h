// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_BOUNDARY_H
#define TWINLOCK_PAM_MODULE_BOUNDARY_H

#include <cxxabi.h>
#include <security/pam_modules.h>

#include <exception>
#include <new>

#include "pam_module/log.h"

namespace twinlock::pam {

// Runs `body`, which returns a PAM code, and lets no exception out: sshd and sudo are C, and no
// failure looks like success (S16). glibc's forced unwind (thread cancellation, pthread_exit)
// passes, since who swallows it is killed; therefore not noexcept. It has no object, and its
// handler binds a reference to null by design, which the sanitizer has to be told.
template <typename Body>
__attribute__((no_sanitize("null"))) int within_boundary(const Log& log, Body&& body) {
  int code = PAM_AUTHINFO_UNAVAIL;  // never PAM_IGNORE: that was CVE-2025-23013, elsewhere
  try {
    code = body();
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (const std::bad_alloc&) {
    log.error("login refused: out of memory");
    code = PAM_BUF_ERR;
  } catch (const std::exception& e) {
    log.error("login refused", e.what());
  } catch (...) {
    log.error("login refused: unknown exception");
  }
  return code;
}

}  // namespace twinlock::pam

#endif
