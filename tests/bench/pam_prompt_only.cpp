// SPDX-License-Identifier: MIT
//
// The least that a module which asks for a code can cost: it prompts, takes any answer and lets in.
// The floor that logins with a second factor are compared with. Never installed.
#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include <cstdlib>
#include <cstring>

extern "C" {

__attribute__((visibility("default"))) int pam_sm_authenticate(pam_handle_t* pamh,
                                                               int /*flags*/,
                                                               int /*argc*/,
                                                               const char** /*argv*/) {
  char* answer = nullptr;
  const int result = pam_prompt(pamh, PAM_PROMPT_ECHO_OFF, &answer, "%s", "Verification code: ");
  if (answer != nullptr) explicit_bzero(answer, strlen(answer));
  free(answer);
  return result;
}

__attribute__((visibility("default"))) int pam_sm_setcred(pam_handle_t* /*pamh*/,
                                                          int /*flags*/,
                                                          int /*argc*/,
                                                          const char** /*argv*/) {
  return PAM_SUCCESS;
}

}  // extern "C"
