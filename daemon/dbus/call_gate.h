// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_CALL_GATE_H
#define TWINLOCK_DAEMON_DBUS_CALL_GATE_H

#include <cstddef>
#include <map>

#include "daemon/dbus/token_bucket.h"
#include "daemon/domain/account.h"

namespace twinlock::dbus {

// What one uid may ask for (S39).
struct CallLimits {
  int per_second;
  int burst;      // calls at once after a silence
  int in_flight;  // queued and running

  [[nodiscard]] Rate rate() const { return {per_second, burst}; }
};

struct GateLimits {
  CallLimits user;
  CallLimits root;
};

enum class Admission { Accepted, TooFast, TooMany, Closed };

// A token bucket and a count of open calls for each uid. One thread, or under its owner's lock.
class CallGate {
 public:
  using Moment = TokenBucket::Moment;

  explicit CallGate(const GateLimits& limits) : limits_(limits) {}

  // Takes effect with the next call.
  void configure(const GateLimits& limits) { limits_ = limits; }

  // Counts a call of `uid` as open if it is Accepted.
  [[nodiscard]] Admission admit(Uid uid, Moment now);
  // An accepted call has been answered.
  void close(Uid uid);

 private:
  struct Bucket {
    TokenBucket calls;
    int open = 0;
  };

  [[nodiscard]] const CallLimits& limits_of(Uid uid) const {
    return uid == 0 ? limits_.root : limits_.user;
  }
  void forget_idle(Moment now);

  GateLimits limits_;
  std::map<Uid, Bucket> buckets_;
};

}  // namespace twinlock::dbus

#endif
