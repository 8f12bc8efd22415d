// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_DOMAIN_TRANSCRIPT_H
#define TWINLOCK_TESTS_UNIT_DOMAIN_TRANSCRIPT_H

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/domain/login_world.h"

namespace twinlock {

// Plays logins that are written down as text (tests/transcripts/README.md has the words) and
// writes down what came of them.
class Transcript {
 public:
  // The same text with what happened in place of what was expected. Throws std::runtime_error
  // with the line for words that are none.
  [[nodiscard]] std::string play(const std::string& text);

 private:
  using Words = std::vector<std::string>;

  void run(const Words& words);
  void add_user(const Words& words);
  void set(const Words& words);
  void exempt(const Words& words);
  void begin(const Words& words);
  void answer(const Words& words);
  void fail(const Words& words);
  void show(const Step& step);
  void show_log();
  void say(std::string_view what, const std::string& rest);
  [[nodiscard]] std::string typed(const Words& words);
  [[nodiscard]] std::string decided_by(const Step& step);

  struct User {
    Account account;
    std::map<std::string, OtpCredential> authenticators;
    std::vector<std::string> recovery_codes;
  };

  LoginWorld world_{LoginSettings{}};
  LoginSettings settings_;
  std::map<std::string, User> users_;
  std::string user_;  // of the last begin
  Step step_;         // of the last call
  Nonce previous_{};  // of the last answer, with its own
  Nonce nonce_{};
  std::string answer_;
  std::size_t logged_ = 0;
  std::string output_;
};

}  // namespace twinlock

#endif
