// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_TOKEN_BUCKET_H
#define TWINLOCK_DAEMON_DBUS_TOKEN_BUCKET_H

#include <algorithm>
#include <chrono>

namespace twinlock::dbus {

// How often something may happen: `per_second` in the long run, `burst` at once after a silence.
struct Rate {
  int per_second;
  int burst;
};

// Full to begin with. The rate may change from one call to the next.
class TokenBucket {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  TokenBucket(const Rate& rate, Moment now) : tokens_(rate.burst), filled_(now) {}

  [[nodiscard]] bool take(const Rate& rate, Moment now) {
    tokens_ = tokens_at(rate, now);
    filled_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

  [[nodiscard]] bool is_full(const Rate& rate, Moment now) const {
    return tokens_at(rate, now) >= rate.burst;
  }

 private:
  [[nodiscard]] double tokens_at(const Rate& rate, Moment now) const {
    const double passed = std::chrono::duration<double>(now - filled_).count();
    return std::min(tokens_ + std::max(passed, 0.0) * rate.per_second,
                    static_cast<double>(rate.burst));
  }

  double tokens_;
  Moment filled_;
};

}  // namespace twinlock::dbus

#endif
