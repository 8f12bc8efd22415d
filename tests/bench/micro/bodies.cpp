// SPDX-License-Identifier: MIT
#include "tests/bench/micro/body.h"

namespace twinlock::bench {

std::vector<Body> all_bodies() {
  std::vector<Body> all;
  for (const auto& some :
       {totp_bodies(), seal_bodies(), policy_bodies(), store_bodies(), engine_bodies()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace twinlock::bench
