// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_PAM_SURROUNDINGS_H
#define TWINLOCK_TESTS_INTEGRATION_PAM_SURROUNDINGS_H

#include <sys/types.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace twinlock::test {

// S06, S07: what a login must leave as it found it.
struct Surroundings {
  std::map<std::string, std::string> descriptors;
  std::vector<std::string> environment;
  std::vector<void*> handlers;
  std::string directory;
  mode_t mask = 0;
  std::size_t threads = 0;
  std::vector<int> blocked;  // signals

  bool operator==(const Surroundings& other) const = default;
};

// As they are now.
Surroundings look_around();

}  // namespace twinlock::test

#endif
