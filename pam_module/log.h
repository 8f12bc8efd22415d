// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_LOG_H
#define TWINLOCK_PAM_MODULE_LOG_H

#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <syslog.h>

#include <string_view>

#include "common/encoding.h"

namespace twinlock::pam {

// The administrator's view of a login, through pam_syslog(3) and so to LOG_AUTHPRIV (S08).
//
// libpam puts the module's and the service's name before each line. `detail` may come from
// anywhere: it is cut at 256 bytes and can't forge a line (S125). Account names
// are left to the program and the daemon, since what was typed as a name may be a password;
// answers never get here (S124).
class Log {
 public:
  explicit Log(pam_handle_t* pamh) : pamh_(pamh) {}

  void enable_debug() { debug_ = true; }

  void error(const char* what, std::string_view detail = {}) const { write(LOG_ERR, what, detail); }
  void notice(const char* what, std::string_view detail = {}) const {
    write(LOG_NOTICE, what, detail);
  }
  void debug(const char* what, std::string_view detail = {}) const {
    if (debug_) write(LOG_DEBUG, what, detail);
  }

 private:
  void write(int priority, const char* what, std::string_view detail) const {
    const char* const colon = detail.empty() ? "" : ": ";
    pam_syslog(pamh_, priority, "%s%s%s", what, colon, printable(detail, 256).c_str());
  }

  pam_handle_t* pamh_;
  bool debug_ = false;
};

}  // namespace twinlock::pam

#endif
