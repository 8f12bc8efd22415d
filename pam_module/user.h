// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_USER_H
#define TWINLOCK_PAM_MODULE_USER_H

#include <security/pam_appl.h>
#include <security/pam_modules.h>

#include <string>
#include <vector>

#include "common/secret.h"
#include "pam_module/login_service.h"

namespace twinlock::pam {

// The person behind pam_conv(3), who may be a script or nobody at all.
class User {
 public:
  enum class Told { No, Yes };

  // What came back from a prompt. Only `Typed` has an answer.
  enum class Response {
    None,      // the conversation failed, or what it gave is no answer (S04)
    Replayed,  // the program gave the password again instead of asking (S05)
    Typed,     // 1 to 511 bytes without control characters
  };

  // `prompt` takes the place of the words "Verification code"; empty leaves them.
  // With `silent` (PAM_SILENT) pure information isn't shown (S22).
  User(pam_handle_t* pamh, std::string prompt, bool silent);

  // Told::No as soon as the program refuses one: a conversation that fails, fails as a whole.
  [[nodiscard]] Told show(const std::vector<Message>& messages);

  // Asks with or without echo. All memory that held the answer but `answer` is wiped (S19).
  [[nodiscard]] Response ask(const Step& prompt, Secret& answer);

 private:
  [[nodiscard]] bool converse(int style, const std::string& text, pam_response** response);
  [[nodiscard]] std::string prompt_text(const Step& prompt) const;

  pam_handle_t* pamh_;
  std::string prompt_;
  bool silent_;
};

}  // namespace twinlock::pam

#endif
