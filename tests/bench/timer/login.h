// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_BENCH_TIMER_LOGIN_H
#define TWINLOCK_TESTS_BENCH_TIMER_LOGIN_H

#include <array>
#include <cstdint>
#include <string>

#include "tests/bench/timer/case_file.h"
#include "tests/bench/timer/code_pool.h"

namespace twinlock::bench {

// What one login took and left. Plain memory: it travels through a pipe.
struct Run {
  // Nanoseconds: pam_start, pam_authenticate, pam_end; of a command all in the second.
  std::array<std::int64_t, 3> took{};
  int result = 0;   // pam_authenticate's, or the command's exit status (128 + its signal)
  int objects = 0;  // files mapped as code when pam_authenticate has returned
  std::int64_t private_kb = 0;  // this process's own memory then
  std::int64_t resident_kb = 0;
};

enum class Memory { Ignored, Measured };

// Drives libpam in this process: pam_start, pam_authenticate, pam_end, each timed.
[[nodiscard]] Run log_in_here(const Case& how,
                              const std::string& user,
                              const std::string& answer,
                              Memory memory);

// The same in a child, so that modules are loaded anew as in every sudo.
[[nodiscard]] Run log_in_forked(const Case& how,
                                const std::string& user,
                                const std::string& answer);

// Runs the case's command from fork to exit.
[[nodiscard]] Run log_in_by_command(const Case& how,
                                    const PoolUser& user,
                                    const std::string& answer);

// The paths of everything mapped as code into this process.
[[nodiscard]] std::string mapped_objects();

}  // namespace twinlock::bench

#endif
