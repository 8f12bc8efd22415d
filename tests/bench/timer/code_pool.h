// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_BENCH_TIMER_CODE_POOL_H
#define TWINLOCK_TESTS_BENCH_TIMER_CODE_POOL_H

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/timer/one_time_code.h"

namespace twinlock::bench {

struct PoolUser {
  std::string name;
  uid_t uid = 0;
  Seed seed;
};

struct Ticket {
  const PoolUser* user;
  std::string code;
};

// Users and codes that no login has had yet: the same TOTP twice is denied, and rightly. Each user
// gives the steps before, at and after the present one in turn, so a pool of a hundred serves three
// hundred logins at once; when all are used up, next() waits outside of anybody's timing.
//
// What was used is kept in the file (a line a user: name, uid, seed in hexadecimal, last factor
// used), so that later runs go on from there. It is shared by forked children: let each of them ask
// for users of its own share only.
class CodePool {
 public:
  // Throws std::runtime_error for a file that can't be read.
  explicit CodePool(std::string file);
  ~CodePool();
  CodePool(const CodePool&) = delete;
  CodePool& operator=(const CodePool&) = delete;

  // The next fresh TOTP of the share `share` of `shares`. Waits if need be.
  [[nodiscard]] Ticket next_totp(std::size_t share, std::size_t shares);
  // The next HOTP: counters 0, 1, 2 … of the share's users in turn.
  [[nodiscard]] Ticket next_hotp(std::size_t share, std::size_t shares);
  // The present TOTP of the share's first user, used or not: for peers whose state is put back.
  [[nodiscard]] Ticket present_totp(std::size_t share, std::size_t shares) const;

  // Writes down what was used.
  void save() const;

 private:
  [[nodiscard]] std::size_t share_size(std::size_t share, std::size_t shares) const;

  std::string file_;
  std::vector<PoolUser> users_;
  std::int64_t* last_used_;  // of each user, in memory that forked children share
  std::vector<std::size_t> turn_;
};

}  // namespace twinlock::bench

#endif
