// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_ARGUMENT_CHECKS_H
#define TWINLOCK_CLIENT_ARGUMENT_CHECKS_H

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace twinlock::client {

// What is wrong with a word of the command line, to stand behind the option's name: what was found
// and what is allowed. Empty if nothing is.
using ArgumentCheck = std::function<std::string(const std::string&)>;

[[nodiscard]] ArgumentCheck one_of(const std::vector<std::string>& words);

// Whole and decimal, without a sign.
[[nodiscard]] ArgumentCheck number_from(unsigned low, unsigned high);

// An empty name is a variable that a script forgot to set, and not one's own account.
[[nodiscard]] std::string names_an_account(const std::string& user);

// A word of the command line as it can be shown: controls spelled out, and cut where it is long.
[[nodiscard]] std::string as_typed(std::string_view word);

}  // namespace twinlock::client

#endif
