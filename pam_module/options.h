// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_OPTIONS_H
#define TWINLOCK_PAM_MODULE_OPTIONS_H

#include <chrono>
#include <span>
#include <string>

#include "common/result.h"

namespace twinlock::pam {

// What the PAM line may say; pam_twinlock(8) explains it to administrators.
struct Options {
  std::chrono::seconds timeout{90};  // timeout=, the whole pam_sm_authenticate (S23)
  bool debug = false;                // debug
  std::string prompt;                // prompt=, in place of "Verification code"; empty: unchanged
  std::string bus;                   // bus=, a D-Bus address; the compiled-in one by default (S09)
};

// Reads the arguments of the PAM line. Nothing is skipped and nothing guessed: an argument that is
// unknown, repeated or out of range is InvalidInput with the argument and what is allowed (S10).
[[nodiscard]] Result<Options> parse_options(std::span<const char* const> arguments);

}  // namespace twinlock::pam

#endif
