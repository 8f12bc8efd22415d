// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_PAM_MODULE_PAM_LOGIN_H
#define TWINLOCK_TESTS_UNIT_PAM_MODULE_PAM_LOGIN_H

#include <security/pam_appl.h>

#include <deque>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/fakes/temporary_directory.h"

namespace twinlock::test {

void write_file(const std::filesystem::path& path, const std::string& text);

// A program that uses PAM, with a person who follows a script. Delays that modules ask for are
// noted, not slept through.
class PamLogin {
 public:
  // `stack` is the text of the service's file.
  PamLogin(const std::string& service, const std::string& user, const std::string& stack);
  PamLogin(const PamLogin&) = delete;
  PamLogin& operator=(const PamLogin&) = delete;
  ~PamLogin();

  [[nodiscard]] pam_handle_t* handle() { return handle_; }
  int authenticate(int flags = 0) { return pam_authenticate(handle_, flags); }
  int set_credentials() { return pam_setcred(handle_, PAM_ESTABLISH_CRED); }
  void set(int item, const void* value) { pam_set_item(handle_, item, value); }

  // What the person types at the next prompts; without one left, the conversation fails.
  std::deque<std::string> answers;
  // Takes the place of `answers` where set: what to return, and what to put into the reply.
  std::function<int(const pam_message& message, pam_response** reply)> person;

  struct Shown {
    int style;
    std::string text;
  };
  std::vector<Shown> shown;          // everything, prompts included, in order
  std::vector<unsigned int> delays;  // µs asked for after each failure (S24)

  [[nodiscard]] std::vector<std::string> texts(int style) const;

 private:
  int converse(const pam_message& message, pam_response** reply);
  static int converse_all(int count,
                          const pam_message** messages,
                          pam_response** replies,
                          void* self);
  static void note_delay(int code, unsigned int microseconds, void* self);

  TemporaryDirectory directory_;
  pam_conv conversation_{};
  pam_handle_t* handle_ = nullptr;
};

// A reply as a program gives it: freshly allocated, as the module will free it.
pam_response* reply_with(const char* text);

}  // namespace twinlock::test

#endif
