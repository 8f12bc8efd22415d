// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_LOGIN_SERVICE_H
#define TWINLOCK_PAM_MODULE_LOGIN_SERVICE_H

#include <string>
#include <vector>

#include "common/login_wire.h"
#include "common/result.h"
#include "common/secret.h"
#include "pam_module/login_context.h"

namespace twinlock::pam {

struct Message {
  wire::MessageKind kind;
  std::string text;
};

// What the daemon says to do next. Its texts are safe to show (S21).
struct Step {
  std::vector<Message> messages;
  wire::StepKind kind = wire::StepKind::Unavailable;
  std::string text;    // the prompt, or one line beside a decision
  std::string reason;  // of a decision, for the log
};

// The daemon, as one login sees it: begin() once, then answer() until a decision. Every Step that
// comes back belongs to this conversation, to the user that begin() named and to this very call.
//
// Errors are all denials: NotFound if there is no daemon, Unavailable if it went away and did not
// come back in time, Internal if it answered late, wrongly or is not ours.
class LoginService {
 public:
  virtual ~LoginService() = default;

  [[nodiscard]] virtual Result<Step> begin(const LoginContext& context) = 0;
  [[nodiscard]] virtual Result<Step> answer(const Secret& answer) = 0;

  // Ends the conversation, if there is one that still asks. Best effort: nobody waits for it long.
  virtual void cancel() = 0;
};

}  // namespace twinlock::pam

#endif
