// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_BENCH_TIMER_CASE_FILE_H
#define TWINLOCK_TESTS_BENCH_TIMER_CASE_FILE_H

#include <string>
#include <utility>
#include <vector>

namespace twinlock::bench {

// One way to log in, as bench.py writes it down: a block of lines "key value", blocks apart by an
// empty line.
//
//   case NAME            begins the block
//   service NAME         the PAM service, driven in this process; or:
//   command WORD…        a program to run instead; {user} in a word is the user's name. It gets the
//                        answer as a line on standard input and as TWINLOCK_BENCH_ANSWER
//   as-user              run the command with the user's uid
//   users FILE           the pool (code_pool.h)
//   answer HOW           none: nothing is asked; text WORD; totp: a fresh code; hotp: a fresh code;
//                        present-totp: this step's code, used or not
//   put-back FROM TO     copy before each run, outside of the timing
//   expect N             what pam_authenticate must return, or the command's exit status; -1: not 0
struct Case {
  std::string name;
  std::string service;
  std::vector<std::string> command;
  bool as_user = false;
  std::string users;
  std::string answer;
  std::string text;
  std::vector<std::pair<std::string, std::string>> put_back;
  int expect = 0;
};

// Throws std::runtime_error naming the line that it can't read.
[[nodiscard]] std::vector<Case> read_cases(const std::string& file);

}  // namespace twinlock::bench

#endif
