// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_CONVERSATION_H
#define TWINLOCK_PAM_MODULE_CONVERSATION_H

#include <security/pam_modules.h>

#include "common/login_wire.h"
#include "common/result.h"
#include "pam_module/clock.h"
#include "pam_module/log.h"
#include "pam_module/login_context.h"
#include "pam_module/login_service.h"
#include "pam_module/user.h"

namespace twinlock::pam {

// The one line for the user where no decision could be reached; the log says why (S28).
constexpr const char* kUnavailable = "Second factor unavailable.";

// One login: carries messages both ways until the daemon decides. Knows no factor and no policy.
class Conversation {
 public:
  struct Limits {
    Clock& clock;
    TimePoint deadline;  // of the whole login
  };

  Conversation(pam_handle_t* pamh, LoginService& daemon, User& user, const Log& log, Limits limits)
      : pamh_(pamh), daemon_(daemon), user_(user), log_(log), limits_(limits) {}

  // The PAM code of the login (S03):
  //   PAM_SUCCESS           granted
  //   PAM_IGNORE            exempt, said by the daemon and never by us (S02)
  //   PAM_AUTH_ERR          denied; out of time; the program replays the password (S05); PAM_USER
  //                         is no longer the account that was judged (S13), or is nothing that
  //                         could be asked about: missing, over 256 bytes, not UTF-8
  //   PAM_MAXTRIES          denied, and it was the last answer allowed
  //   PAM_CONV_ERR          the user could not be asked, or gave nothing that is an answer
  //   PAM_AUTHINFO_UNAVAIL  no decision
  // Cancels the conversation on every way out that isn't the daemon's own decision.
  [[nodiscard]] int run();

 private:
  [[nodiscard]] int carry_on(const LoginContext& context);
  [[nodiscard]] int decide(const LoginContext& context, const Step& step);
  [[nodiscard]] int no_decision(const Error& error);
  [[nodiscard]] int unasked(const char* line);
  [[nodiscard]] int replayed();
  [[nodiscard]] int expired();

  pam_handle_t* pamh_;
  LoginService& daemon_;
  User& user_;
  const Log& log_;
  Limits limits_;
};

}  // namespace twinlock::pam

#endif
