// SPDX-License-Identifier: MIT
//
// pam_first_factor.so: a password module for tests. Every password is right; it is kept as
// PAM_AUTHTOK for the modules behind, as pam_unix does.
#include <security/pam_ext.h>
#include <security/pam_modules.h>

extern "C" {

__attribute__((visibility("default"))) int pam_sm_authenticate(pam_handle_t* pamh,
                                                               int /*flags*/,
                                                               int /*argc*/,
                                                               const char** /*argv*/) {
  const char* password = nullptr;
  return pam_get_authtok(pamh, PAM_AUTHTOK, &password, "Password: ");
}

__attribute__((visibility("default"))) int pam_sm_setcred(pam_handle_t* /*pamh*/,
                                                          int /*flags*/,
                                                          int /*argc*/,
                                                          const char** /*argv*/) {
  return PAM_SUCCESS;
}

}  // extern "C"
